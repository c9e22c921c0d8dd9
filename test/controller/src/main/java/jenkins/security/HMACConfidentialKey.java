package jenkins.security;

import hudson.Util;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key of this controller to make message authentication codes with. */
public class HMACConfidentialKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final String id;
    private final int length;
    private SecretKeySpec key;

    public HMACConfidentialKey(Class<?> owner, String shortName) {
        this(owner, shortName, Integer.MAX_VALUE);
    }

    /** @param length how many bytes of each code to keep */
    public HMACConfidentialKey(Class<?> owner, String shortName, int length) {
        this.id = owner.getName() + '.' + shortName;
        this.length = length;
    }

    /** The code of the text, in hexadecimal. */
    public String mac(String message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key());
            byte[] code = mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
            return Util.toHexString(Arrays.copyOf(code, Math.min(length, code.length)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private synchronized SecretKeySpec key() {
        if (key == null) {
            key = new SecretKeySpec(ConfidentialStore.get().loadOrMake(id, 64), ALGORITHM);
        }
        return key;
    }
}
