package hudson;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import pulumi.jenkinsauth.testcontroller.Core;

/**
 * Sees the core and every plugin; what scripts are compiled against. Like the core's own it remembers which classes there
 * are and which are not, since Groovy asks for many that are not, with every script.
 */
final class UberClassLoader extends ClassLoader {
    /** Cores before this one have no Spring Security: there is nothing of it for their scripts to find. */
    private static final String SPRING_SECURITY_SINCE = "2.266";

    private final List<PluginWrapper> plugins;
    private final Map<String, Optional<Class<?>>> known = new ConcurrentHashMap<>();

    UberClassLoader(ClassLoader core, List<PluginWrapper> plugins) {
        super(core);
        this.plugins = plugins;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return known.computeIfAbsent(name, this::find).orElseThrow(() -> new ClassNotFoundException(name));
    }

    private Optional<Class<?>> find(String name) {
        if (name.startsWith("org.springframework.") && !Core.version().atLeast(SPRING_SECURITY_SINCE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(super.loadClass(name, false));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
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
