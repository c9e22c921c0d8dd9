package jenkins.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** The name and the password of an Authorization header. */
public record BasicCredentials(String username, String password) {

    public static boolean isBasic(String header) {
        return header != null && header.toLowerCase(Locale.ROOT).startsWith("basic ");
    }

    /** What the header carries, or null if it is malformed. */
    public static BasicCredentials of(String header) {
        if (!isBasic(header)) {
            return null;
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(header.substring("basic ".length()));
            String text = new String(decoded, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? null
                    : new BasicCredentials(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
