package io.jenkins.plugins.casc;

import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import hudson.security.LegacySecurityRealm;
import hudson.util.Secret;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import io.jenkins.plugins.casc.model.Sequence;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jenkins.model.IdStrategy;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Makes objects of YAML, by the names of data-bound constructors' parameters and of setters. */
final class DataBinding {
    /**
     * The keys that stand for classes. What has no symbol of its own goes by the beginning of its class's
     * name.
     */
    private static final Map<String, String> SYMBOLS = Map.of(
            "local", HudsonPrivateSecurityRealm.class.getName(),
            "legacy", LegacySecurityRealm.class.getName(),
            "ldap", "hudson.security.LDAPSecurityRealm",
            "reverseProxy", "org.jenkinsci.plugins.reverse_proxy_auth.ReverseProxySecurityRealm",
            "url", "cf.pgmann.plugins.urlauth.UrlSecurityRealm",
            "loggedInUsersCanDoAnything", FullControlOnceLoggedInAuthorizationStrategy.class.getName(),
            "caseInsensitive", IdStrategy.CaseInsensitive.class.getName(),
            "caseSensitive", IdStrategy.CaseSensitive.class.getName(),
            "fromGroupSearch", "jenkins.security.plugins.ldap.FromGroupSearchLDAPGroupMembershipStrategy",
            "fromUserRecord", "jenkins.security.plugins.ldap.FromUserRecordLDAPGroupMembershipStrategy");

    private DataBinding() {}

    /** An object of {@code key: {...}}, or of the key alone. */
    static Object describable(CNode node) throws ConfiguratorException {
        boolean isMapping = node instanceof Mapping;
        if (isMapping && node.asMapping().size() != 1) {
            throw new ConfiguratorException("Exactly one of the implementations must be named");
        }
        String symbol = isMapping ? node.asMapping().keySet().iterator().next() : node.asScalar().getValue();
        String className = SYMBOLS.get(symbol);
        if (className == null) {
            throw new ConfiguratorException("No implementation is named " + symbol);
        }
        try {
            Class<?> type = Jenkins.get().getPluginManager().uberClassLoader.loadClass(className);
            CNode arguments = isMapping ? node.asMapping().get(symbol) : null;
            return object(type, arguments == null ? new Mapping() : arguments.asMapping());
        } catch (ReflectiveOperationException e) {
            throw new ConfiguratorException("Failed to configure " + symbol, e);
        }
    }

    private static Object object(Class<?> type, Mapping values)
            throws ReflectiveOperationException, ConfiguratorException {
        Constructor<?> constructor = Stream.of(type.getConstructors())
                .filter(candidate -> candidate.isAnnotationPresent(DataBoundConstructor.class))
                .findFirst()
                .orElseThrow(() -> new ConfiguratorException(type + " has no data-bound constructor"));
        Map<String, CNode> rest = new HashMap<>(values);
        rest.remove("users");
        List<Object> arguments = new ArrayList<>();
        for (Parameter parameter : constructor.getParameters()) {
            arguments.add(value(parameter.getParameterizedType(), rest.remove(parameter.getName())));
        }
        Object object = constructor.newInstance(arguments.toArray());
        for (Map.Entry<String, CNode> entry : rest.entrySet()) {
            Method setter = setter(type, entry.getKey());
            setter.invoke(object, value(setter.getGenericParameterTypes()[0], entry.getValue()));
        }
        return object;
    }

    private static Method setter(Class<?> type, String property) throws ConfiguratorException {
        String name = "set" + Character.toUpperCase(property.charAt(0)) + property.substring(1);
        return Stream.of(type.getMethods())
                .filter(method -> method.getName().equals(name)
                        && method.isAnnotationPresent(DataBoundSetter.class))
                .findFirst()
                .orElseThrow(() -> new ConfiguratorException(
                        "Invalid configuration elements for type: " + type + " : " + property));
    }

    private static Object value(Type type, CNode node)
            throws ReflectiveOperationException, ConfiguratorException {
        if (type == boolean.class) {
            return node != null && Boolean.parseBoolean(node.asScalar().getValue());
        }
        if (node == null) {
            return type == int.class ? 0 : null;
        }
        if (type == String.class) {
            return node.asScalar().getValue();
        }
        if (type == int.class || type == Integer.class) {
            return Integer.valueOf(node.asScalar().getValue());
        }
        if (type == Secret.class) {
            return Secret.fromString(node.asScalar().getValue());
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return objects((Class<?>) list.getActualTypeArguments()[0], node.asSequence());
        }
        Class<?> plain = (Class<?>) type;
        boolean isAbstract = Modifier.isAbstract(plain.getModifiers());
        return isAbstract ? describable(node) : object(plain, node.asMapping());
    }

    private static List<Object> objects(Class<?> type, Sequence sequence)
            throws ReflectiveOperationException, ConfiguratorException {
        List<Object> objects = new ArrayList<>();
        for (CNode item : sequence) {
            objects.add(object(type, item.asMapping()));
        }
        return objects;
    }
}
