package hudson.security;

import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** The realm cannot say whether there is such a user, so the user gets the benefit of the doubt. */
public class UserMayOrMayNotExistException2 extends UsernameNotFoundException {
    public UserMayOrMayNotExistException2(String message) {
        super(message);
    }

    public UserMayOrMayNotExistException2(String message, Throwable cause) {
        super(message, cause);
    }
}
