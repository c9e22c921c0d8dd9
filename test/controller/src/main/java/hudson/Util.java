package hudson;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The small functions that scripts and realms take from here. */
public class Util {

    /** MD5 of the text in UTF-8, in lower-case hexadecimal. */
    public static String getDigestOf(String text) {
        return toHexString(digest("MD5", text.getBytes(StandardCharsets.UTF_8)));
    }

    public static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public static String toHexString(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    public static byte[] fromHexString(String text) {
        return HexFormat.of().parseHex(text);
    }

    public static String fixNull(String text) {
        return text == null ? "" : text;
    }

    public static String fixEmpty(String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    public static String fixEmptyAndTrim(String text) {
        return text == null ? null : fixEmpty(text.trim());
    }

    /** Encodes everything but unreserved characters, a space as {@code %20}. */
    public static String rawEncode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** Whether the class, or one between it and the base, has its own version of the method. */
    public static boolean isOverridden(Class<?> base, Class<?> derived, String name, Class<?>... parameters) {
        for (Class<?> type = derived; type != null && type != base; type = type.getSuperclass()) {
            try {
                type.getDeclaredMethod(name, parameters);
                return true;
            } catch (NoSuchMethodException e) {
                // perhaps one further up has it
            }
        }
        return false;
    }

    public static void deleteRecursive(File file) throws IOException {
        if (!file.exists()) {
            return;
        }
        Files.walkFileTree(file.toPath(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                Files.delete(path);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, IOException failure) throws IOException {
                Files.delete(path);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The text of a file, without blanks around it. */
    public static String readTrimmed(File file) {
        try {
            return Files.readString(file.toPath()).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
