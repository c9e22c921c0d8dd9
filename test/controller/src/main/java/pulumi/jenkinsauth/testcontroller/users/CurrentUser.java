package pulumi.jenkinsauth.testcontroller.users;

import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.List;
import jenkins.security.NonSerializableSecurityContext;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/** For whom the current thread acts. */
public final class CurrentUser {
    public static final Authentication ANONYMOUS = new AnonymousAuthenticationToken(
            "anonymous", "anonymous", List.of(new SimpleGrantedAuthority("anonymous")));

    /** The controller itself. */
    public static final Authentication SYSTEM = new UsernamePasswordAuthenticationToken(ACL.SYSTEM_USERNAME,
            ACL.SYSTEM_USERNAME);

    private CurrentUser() {}

    public static Authentication get() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication == null ? ANONYMOUS : authentication;
    }

    /** Acts for somebody else until the answer is closed. */
    public static ACLContext become(Authentication authentication) {
        SecurityContext before = SecurityContextHolder.getContext();
        SecurityContextHolder.setContext(new NonSerializableSecurityContext(authentication));
        return new ACLContext(before);
    }
}
