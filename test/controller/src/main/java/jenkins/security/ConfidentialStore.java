package jenkins.security;

import hudson.Util;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import jenkins.model.Jenkins;

/** The folder {@code secrets}: a master key, and the other keys encrypted by it, a file each. */
public class ConfidentialStore {
    /** What each key ends with, so that one that was decrypted by a wrong master key is noticed. */
    private static final byte[] MAGIC = "::::MAGIC::::".getBytes(StandardCharsets.US_ASCII);

    private static ConfidentialStore instance;

    private final SecureRandom random = new SecureRandom();
    private final File folder;
    private final SecretKeySpec masterKey;

    private ConfidentialStore(File folder) throws IOException {
        this.folder = folder;
        File file = new File(folder, "master.key");
        if (!file.exists()) {
            Files.createDirectories(folder.toPath());
            Files.writeString(file.toPath(), Util.toHexString(randomBytes(128)));
        }
        byte[] digest = Util.digest("SHA-256", Util.readTrimmed(file).getBytes(StandardCharsets.UTF_8));
        masterKey = new SecretKeySpec(digest, 0, 16, "AES");
    }

    public static synchronized ConfidentialStore get() {
        if (instance == null) {
            try {
                instance = new ConfidentialStore(new File(Jenkins.get().getRootDir(), "secrets"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return instance;
    }

    public byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The key of this name, made and kept if there is none. */
    synchronized byte[] loadOrMake(String id, int size) {
        File file = new File(folder, id);
        try {
            if (file.exists()) {
                return withoutMagic(cipher(Cipher.DECRYPT_MODE).doFinal(Files.readAllBytes(file.toPath())));
            }
            byte[] key = randomBytes(size);
            byte[] marked = Arrays.copyOf(key, size + MAGIC.length);
            System.arraycopy(MAGIC, 0, marked, size, MAGIC.length);
            Files.write(file.toPath(), cipher(Cipher.ENCRYPT_MODE).doFinal(marked));
            return key;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("Failed to load the key: " + id, e);
        }
    }

    private Cipher cipher(int mode) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES");
        cipher.init(mode, masterKey);
        return cipher;
    }

    private static byte[] withoutMagic(byte[] marked) throws IOException {
        int size = marked.length - MAGIC.length;
        if (size < 0 || !Arrays.equals(marked, size, marked.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("The key is broken");
        }
        return Arrays.copyOf(marked, size);
    }
}
