package hudson.security;

import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/** While it is open the thread acts for somebody else. */
public class ACLContext implements AutoCloseable {
    private final SecurityContext before;

    public ACLContext(SecurityContext before) {
        this.before = before;
    }

    @Override
    public void close() {
        SecurityContextHolder.setContext(before);
    }
}
