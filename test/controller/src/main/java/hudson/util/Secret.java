package hudson.util;

import com.thoughtworks.xstream.converters.SingleValueConverter;
import hudson.Util;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import jenkins.security.CryptoConfidentialKey;

/**
 * A text that is encrypted wherever it is written: {@code {AQAAABAAAA...}}, which is Base64 of a version
 * byte, the lengths of initialisation vector and cipher text, and these two.
 */
public final class Secret implements Serializable {
    private static final byte VERSION = 1;
    private static final CryptoConfidentialKey KEY = new CryptoConfidentialKey(Secret.class.getName());

    private final String value;
    private byte[] iv;

    private Secret(String value, byte[] iv) {
        this.value = value;
        this.iv = iv;
    }

    /** Takes plain text, or what {@link #getEncryptedValue()} made here. */
    public static Secret fromString(String data) {
        Secret decrypted = decrypt(data);
        return decrypted != null ? decrypted : new Secret(Util.fixNull(data), null);
    }

    /** The secret, or null if the text is none that was encrypted here. */
    public static Secret decrypt(String data) {
        if (data == null || data.length() <= 2 || !data.startsWith("{") || !data.endsWith("}")) {
            return null;
        }
        try {
            ByteBuffer payload = ByteBuffer
                    .wrap(Base64.getDecoder().decode(data.substring(1, data.length() - 1)));
            if (payload.remaining() < 9 || payload.get() != VERSION) {
                return null;
            }
            byte[] iv = new byte[payload.getInt()];
            int length = payload.getInt();
            payload.get(iv);
            if (payload.remaining() != length) {
                return null;
            }
            byte[] text = KEY.decrypt(iv).doFinal(payload.array(), payload.position(), length);
            return new Secret(new String(text, StandardCharsets.UTF_8), iv);
        } catch (RuntimeException | GeneralSecurityException e) {
            return null;
        }
    }

    public String getPlainText() {
        return value;
    }

    public synchronized String getEncryptedValue() {
        if (iv == null) {
            iv = KEY.newIv();
        }
        try {
            Cipher cipher = KEY.encrypt(iv);
            byte[] encrypted = cipher.doFinal(value.getBytes(StandardCharsets.UTF_8));
            ByteBuffer payload = ByteBuffer.allocate(9 + iv.length + encrypted.length);
            payload.put(VERSION).putInt(iv.length).putInt(encrypted.length).put(iv).put(encrypted);
            return "{" + Base64.getEncoder().encodeToString(payload.array()) + "}";
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String toString(Secret secret) {
        return secret == null ? "" : secret.value;
    }

    /** @deprecated as in Jenkins, where it answers the plain text all the same */
    @Deprecated
    @Override
    public String toString() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && value.equals(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Writes a secret encrypted. */
    public static final class ConverterImpl implements SingleValueConverter {
        @Override
        @SuppressWarnings("rawtypes")
        public boolean canConvert(Class type) {
            return type == Secret.class;
        }

        @Override
        public String toString(Object secret) {
            return ((Secret) secret).getEncryptedValue();
        }

        @Override
        public Object fromString(String text) {
            return Secret.fromString(text);
        }
    }
}
