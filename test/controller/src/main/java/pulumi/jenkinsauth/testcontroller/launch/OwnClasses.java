package pulumi.jenkinsauth.testcontroller.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * The classes of this program's own jar, as bytes: the material that the class loaders of core and plugins
 * cut from.
 */
final class OwnClasses {
    private final JarFile jar;
    private final URL location;

    OwnClasses() {
        location = OwnClasses.class.getProtectionDomain().getCodeSource().getLocation();
        try {
            jar = new JarFile(location.getPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URL location() {
        return location;
    }

    boolean has(String className) {
        return jar.getEntry(path(className)) != null;
    }

    byte[] read(String className) throws IOException {
        ZipEntry entry = jar.getEntry(path(className));
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static String path(String className) {
        return className.replace('.', '/') + ".class";
    }
}
