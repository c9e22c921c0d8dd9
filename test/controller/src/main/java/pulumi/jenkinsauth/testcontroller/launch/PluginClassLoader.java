package pulumi.jenkinsauth.testcontroller.launch;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import pulumi.jenkinsauth.testcontroller.versions.Version;

/**
 * Has the classes of one installed plugin in its version; the core and other plugins are asked for the
 * rest.
 */
final class PluginClassLoader extends VersionedClassLoader {
    private final PluginDefinition plugin;
    private final List<ClassLoader> dependencies;

    PluginClassLoader(
            PluginDefinition plugin,
            Version version,
            ClassLoader core,
            OwnClasses classes,
            List<ClassLoader> dependencies) {
        super("PluginClassLoader for " + plugin.shortName(), core, classes, version);
        this.plugin = plugin;
        this.dependencies = dependencies;
    }

    @Override
    boolean owns(String className) {
        return plugin.owns(className);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        for (ClassLoader dependency : dependencies) {
            try {
                return dependency.loadClass(name);
            } catch (ClassNotFoundException e) {
                // the next one may have it
            }
        }
        throw new ClassNotFoundException(name);
    }

    /**
     * Beside a class with a data-bound constructor a plugin's jar has {@code Class.stapler}, which names the
     * constructor's parameters. Here it is made of the names that the compiler kept.
     */
    @Override
    public InputStream getResourceAsStream(String name) {
        if (name.endsWith(".stapler")) {
            String className = name.substring(0, name.length() - ".stapler".length()).replace('/', '.');
            byte[] properties = plugin.owns(className) ? DataBound.staplerResource(this, className) : null;
            return properties == null ? null : new ByteArrayInputStream(properties);
        }
        return super.getResourceAsStream(name);
    }
}
