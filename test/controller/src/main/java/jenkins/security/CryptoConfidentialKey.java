package jenkins.security;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A key of this controller to encrypt with. */
public class CryptoConfidentialKey {
    private final String id;
    private SecretKeySpec key;

    public CryptoConfidentialKey(String id) {
        this.id = id;
    }

    public Cipher encrypt(byte[] iv) throws GeneralSecurityException {
        return cipher(Cipher.ENCRYPT_MODE, iv);
    }

    public Cipher decrypt(byte[] iv) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, iv);
    }

    public byte[] newIv() {
        return ConfidentialStore.get().randomBytes(16);
    }

    private Cipher cipher(int mode, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, key(), new IvParameterSpec(iv));
        return cipher;
    }

    private synchronized SecretKeySpec key() {
        if (key == null) {
            // Jenkins keeps 256 bytes and uses the first 128 bits of them.
            key = new SecretKeySpec(ConfidentialStore.get().loadOrMake(id, 256), 0, 16, "AES");
        }
        return key;
    }
}
