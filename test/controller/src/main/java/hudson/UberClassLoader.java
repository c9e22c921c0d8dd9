package hudson;

import java.util.List;
import pulumi.jenkinsauth.testcontroller.Core;

/** Sees the core and every plugin; what scripts are compiled against. */
final class UberClassLoader extends ClassLoader {
    /** Cores before this one have no Spring Security: there is nothing of it for their scripts to find. */
    private static final String SPRING_SECURITY_SINCE = "2.266";

    private final List<PluginWrapper> plugins;

    UberClassLoader(ClassLoader core, List<PluginWrapper> plugins) {
        super(core);
        this.plugins = plugins;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("org.springframework.") && !Core.version().atLeast(SPRING_SECURITY_SINCE)) {
            throw new ClassNotFoundException(name);
        }
        return super.loadClass(name, resolve);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        for (PluginWrapper plugin : plugins) {
            try {
                return plugin.classLoader.loadClass(name);
            } catch (ClassNotFoundException e) {
                // the next one may have it
            }
        }
        throw new ClassNotFoundException(name);
    }
}
