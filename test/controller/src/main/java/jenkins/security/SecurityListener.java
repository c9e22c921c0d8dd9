package jenkins.security;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells who is interested that somebody logged in. */
public final class SecurityListener {
    private static final Logger LOGGER = Logger.getLogger(SecurityListener.class.getName());

    private SecurityListener() {}

    public static void fireLoggedIn(String name) {
        try {
            LastGrantedAuthoritiesProperty.remember(name);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Failed to record granted authorities", e);
        }
    }
}
