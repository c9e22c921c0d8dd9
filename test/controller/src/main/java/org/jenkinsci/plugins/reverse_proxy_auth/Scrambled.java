package org.jenkinsci.plugins.reverse_proxy_auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text that is kept from being read in passing, and from nothing else: Base64 of it. */
final class Scrambled {
    private Scrambled() {}

    static String text(String original) {
        return Base64.getEncoder().encodeToString(original.getBytes(StandardCharsets.UTF_8));
    }

    /** The text before it was scrambled, or null for null. */
    static String original(String scrambled) {
        return scrambled == null
                ? null
                : new String(Base64.getDecoder().decode(scrambled), StandardCharsets.UTF_8);
    }
}
