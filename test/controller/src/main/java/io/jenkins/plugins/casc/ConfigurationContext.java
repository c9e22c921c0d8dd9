package io.jenkins.plugins.casc;

/** What a configuration is read for. */
public class ConfigurationContext {
    private final ConfiguratorRegistry registry;

    public ConfigurationContext(ConfiguratorRegistry registry) {
        this.registry = registry;
    }

    public ConfiguratorRegistry getRegistry() {
        return registry;
    }
}
