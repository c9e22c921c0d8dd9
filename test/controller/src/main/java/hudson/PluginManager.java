package hudson;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import pulumi.jenkinsauth.testcontroller.launch.CoreClassLoader;
import pulumi.jenkinsauth.testcontroller.launch.PluginDefinition;

/** The installed plugins, and the class loader that sees them all. */
public class PluginManager {
    public final ClassLoader uberClassLoader;

    private final List<PluginWrapper> plugins = new ArrayList<>();

    /** @param versions short names with their versions, each after the plugins that it depends on */
    public PluginManager(Map<String, String> versions) {
        CoreClassLoader core = (CoreClassLoader) PluginManager.class.getClassLoader();
        versions.forEach((shortName, version) -> {
            PluginDefinition plugin = PluginDefinition.of(shortName);
            List<ClassLoader> dependencies = plugin.dependencies().stream()
                    .map(name -> getPlugin(name).classLoader)
                    .toList();
            ClassLoader loader = core.pluginLoader(plugin, version, dependencies);
            plugins.add(new PluginWrapper(shortName, plugin.longName(), version, loader));
        });
        uberClassLoader = new UberClassLoader(core, plugins);
    }

    public List<PluginWrapper> getPlugins() {
        return List.copyOf(plugins);
    }

    public PluginWrapper getPlugin(String shortName) {
        return plugins.stream().filter(p -> p.getShortName().equals(shortName)).findFirst().orElse(null);
    }

    /** The plugin that the class came from, or null if it is the core's. */
    public PluginWrapper whichPlugin(Class<?> type) {
        return plugins.stream().filter(p -> p.classLoader == type.getClassLoader()).findFirst().orElse(null);
    }
}
