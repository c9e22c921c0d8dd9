package pulumi.jenkinsauth.testcontroller.launch;

import java.io.IOException;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import pulumi.jenkinsauth.testcontroller.versions.Version;

/** Defines classes of this program's jar as one version of the core, or of a plugin, has them. */
abstract class VersionedClassLoader extends ClassLoader {
    private final OwnClasses classes;
    private final VersionedClasses versioned;
    private final ProtectionDomain domain;

    VersionedClassLoader(String name, ClassLoader parent, OwnClasses classes, Version version) {
        super(name, parent);
        this.classes = classes;
        this.versioned = new VersionedClasses(version);
        this.domain = new ProtectionDomain(new CodeSource(classes.location(), (Certificate[]) null), null);
    }

    /** Whether the class of this name is for this loader alone to define. */
    abstract boolean owns(String className);

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!owns(name) || !classes.has(name)) {
            return loadForeign(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    /** Loads a class that this loader does not own. */
    Class<?> loadForeign(String name, boolean resolve) throws ClassNotFoundException {
        return super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytecode = bytecode(name);
        if (bytecode == null || !enclosingClassExists(name)) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytecode, 0, bytecode.length, domain);
    }

    private boolean enclosingClassExists(String name) throws ClassNotFoundException {
        int dollar = name.indexOf('$');
        return dollar < 0 || bytecode(name.substring(0, dollar)) != null;
    }

    private byte[] bytecode(String name) throws ClassNotFoundException {
        try {
            return versioned.asOfVersion(classes.read(name));
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
