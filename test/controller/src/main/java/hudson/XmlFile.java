package hudson;

import com.thoughtworks.xstream.XStream;
import hudson.util.XStream2;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * An object's file: written whole or not at all, so that a process that is killed leaves the old or the
 * new.
 */
public final class XmlFile {
    private static final XStream DEFAULT_XSTREAM = new XStream2();

    private final XStream xstream;
    private final File file;

    public XmlFile(File file) {
        this(DEFAULT_XSTREAM, file);
    }

    public XmlFile(XStream xstream, File file) {
        this.xstream = xstream;
        this.file = file;
    }

    public File getFile() {
        return file;
    }

    public boolean exists() {
        return file.exists();
    }

    public Object read() throws IOException {
        return unmarshal(null);
    }

    public Object unmarshal(Object target) throws IOException {
        try (InputStream in = Files.newInputStream(file.toPath())) {
            return xstream.fromXML(in, target);
        } catch (RuntimeException | LinkageError e) {
            throw new IOException("Unable to read " + file, e);
        }
    }

    public void write(Object object) throws IOException {
        Path target = file.toPath();
        Files.createDirectories(target.getParent());
        Path temporary = Files.createTempFile(target.getParent(), "atomic", "tmp");
        try {
            try (Writer writer = new BufferedWriter(Files.newBufferedWriter(temporary))) {
                writer.write("<?xml version='1.1' encoding='UTF-8'?>\n");
                xstream.toXML(object, writer);
            } catch (RuntimeException e) {
                throw new IOException(e);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    public String asString() throws IOException {
        return Files.readString(file.toPath());
    }

    public void delete() throws IOException {
        Files.deleteIfExists(file.toPath());
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
