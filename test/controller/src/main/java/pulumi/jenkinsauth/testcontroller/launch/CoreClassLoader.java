package pulumi.jenkinsauth.testcontroller.launch;

import java.util.List;
import pulumi.jenkinsauth.testcontroller.versions.Version;

/** Has the classes of the core in the version to imitate, and none of any plugin. */
public final class CoreClassLoader extends VersionedClassLoader {
    private static final List<PluginDefinition> PLUGINS = PluginDefinition.KNOWN.stream()
            .map(PluginDefinition::of).toList();
    private static final String LAUNCH = CoreClassLoader.class.getPackageName() + ".";
    private static final String VERSIONS = Version.class.getPackageName() + ".";

    private final OwnClasses classes;

    CoreClassLoader(OwnClasses classes, Version core) {
        super(null, CoreClassLoader.class.getClassLoader(), classes, core);
        this.classes = classes;
    }

    /** A loader for one plugin, above the core and the plugins that it depends on. */
    public ClassLoader pluginLoader(PluginDefinition plugin, String version, List<ClassLoader> dependencies) {
        return new PluginClassLoader(plugin, new Version(version), this, classes, dependencies);
    }

    @Override
    boolean owns(String className) {
        return !className.startsWith(LAUNCH) && !className.startsWith(VERSIONS) && !isOfPlugin(className);
    }

    @Override
    Class<?> loadForeign(String name, boolean resolve) throws ClassNotFoundException {
        if (isOfPlugin(name)) {
            throw new ClassNotFoundException(name);
        }
        return super.loadForeign(name, resolve);
    }

    private static boolean isOfPlugin(String className) {
        return PLUGINS.stream().anyMatch(plugin -> plugin.owns(className));
    }
}
