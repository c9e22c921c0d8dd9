package io.jenkins.plugins.casc;

import hudson.ExtensionList;
import hudson.model.RootAction;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.casc.yaml.YamlUtils;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.Startable;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.HtmlPage;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** Applies a YAML file at the start and whenever it is told to reload, and owns what the file names. */
public class ConfigurationAsCode implements RootAction, Page, Startable {
    private List<String> sources = List.of();
    private long lastTimeLoaded;

    public static ConfigurationAsCode get() {
        return ExtensionList.lookupSingleton(ConfigurationAsCode.class);
    }

    @Override
    public String getUrlName() {
        return "configuration-as-code";
    }

    @Override
    public void start() throws IOException {
        configure();
    }

    /** Reads and applies the configuration. If any of it is wrong, none of it is applied. */
    public void configure() throws IOException {
        List<String> names = getStandardConfig();
        ConfigurationContext context = new ConfigurationContext(ConfiguratorRegistry.get());
        JenkinsConfigurator.apply(YamlUtils.loadFrom(getConfigFromSources(names), context));
        sources = names;
        lastTimeLoaded = System.currentTimeMillis();
    }

    /** What the next reload will read: the first of the places that there is. */
    private List<String> getStandardConfig() {
        File home = new File(Jenkins.get().getRootDir(), "jenkins.yaml");
        return Stream.of(
                System.getProperty("casc.jenkins.config"),
                System.getenv("CASC_JENKINS_CONFIG"),
                home.isFile() ? home.getPath() : null)
                .filter(place -> place != null && !place.isBlank())
                .findFirst()
                .map(List::of)
                .orElse(List.of());
    }

    /** What the last reload read. */
    public List<String> getSources() {
        return sources;
    }

    public List<YamlSource> getConfigFromSources(List<String> names) throws ConfiguratorException {
        return names.stream().map(YamlSource::of).map(YamlSource.class::cast).toList();
    }

    public long getLastTimeLoaded() {
        return lastTimeLoaded;
    }

    @Override
    public void serve(Exchange exchange) throws IOException {
        exchange.checkPermission(Jenkins.ADMINISTER);
        if (exchange.rest().equals(List.of("reload")) && exchange.isPost()) {
            reload(exchange);
        } else if (exchange.rest().isEmpty()) {
            exchange.page("Configuration as Code", "");
        } else {
            exchange.notFound();
        }
    }

    /** A reload that fails answers a page, with 200: the redirect is the sign of success. */
    private void reload(Exchange exchange) throws IOException {
        try {
            configure();
            exchange.redirect(exchange.request().getContextPath() + "/configuration-as-code/");
        } catch (ConfiguratorException e) {
            exchange.page("Configuration loading error", "<p>" + HtmlPage.escape(e.getMessage()) + "</p>");
        }
    }
}
