package io.jenkins.plugins.casc;

import hudson.security.AuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import hudson.security.SecurityRealm;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.model.JenkinsLocationConfiguration;

/** Applies what is below {@code jenkins} and {@code unclassified: location}. Keys match in any case. */
final class JenkinsConfigurator {
    private JenkinsConfigurator() {}

    /** A change that is ready to be made: all of them are read before the first is made. */
    private interface Change {
        void make() throws IOException;
    }

    static void apply(Mapping configuration) throws IOException {
        List<Change> changes = new ArrayList<>();
        for (Map.Entry<String, CNode> root : configuration.entrySet()) {
            if (root.getValue() == null) {
                continue;
            }
            Mapping values = root.getValue().asMapping();
            switch (root.getKey().toLowerCase(Locale.ROOT)) {
                case "jenkins" -> readJenkins(values, changes);
                case "unclassified" -> readLocation(values, changes);
                default ->
                    throw new ConfiguratorException("No configurator for the root element " + root.getKey());
            }
        }
        for (Change change : changes) {
            change.make();
        }
    }

    private static void readJenkins(Mapping values, List<Change> changes) throws ConfiguratorException {
        Jenkins jenkins = Jenkins.get();
        for (Map.Entry<String, CNode> entry : values.entrySet()) {
            CNode node = entry.getValue();
            if (node == null) {
                continue;
            }
            switch (entry.getKey().toLowerCase(Locale.ROOT)) {
                case "securityrealm" -> readRealm(node, changes);
                case "authorizationstrategy" -> {
                    AuthorizationStrategy strategy = (AuthorizationStrategy) DataBinding.describable(node);
                    changes.add(() -> jenkins.setAuthorizationStrategy(strategy));
                }
                case "systemmessage" -> {
                    String message = node.asScalar().getValue();
                    changes.add(() -> jenkins.setSystemMessage(message));
                }
                default -> throw new ConfiguratorException(
                        "Invalid configuration elements for type: class jenkins.model.Jenkins : "
                                + entry.getKey());
            }
        }
        if (!values.isEmpty()) {
            changes.add(jenkins::save);
        }
    }

    private static void readRealm(CNode node, List<Change> changes) throws ConfiguratorException {
        SecurityRealm realm = (SecurityRealm) DataBinding.describable(node);
        changes.add(() -> Jenkins.get().setSecurityRealm(realm));
        if (realm instanceof HudsonPrivateSecurityRealm own && node instanceof Mapping mapping
                && mapping.get("local") instanceof Mapping local && local.get("users") != null) {
            for (CNode user : local.get("users").asSequence()) {
                String id = user.asMapping().get("id").asScalar().getValue();
                CNode password = user.asMapping().get("password");
                if (password != null) {
                    String text = password.asScalar().getValue();
                    changes.add(() -> own.createAccount(id, text));
                }
            }
        }
    }

    private static void readLocation(Mapping values, List<Change> changes) throws ConfiguratorException {
        if (values.get("location") instanceof Mapping location && location.get("url") != null) {
            String url = location.get("url").asScalar().getValue();
            changes.add(() -> JenkinsLocationConfiguration.get().setUrl(url));
        }
    }
}
