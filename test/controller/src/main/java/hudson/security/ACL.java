package hudson.security;

import hudson.model.User;
import java.util.function.BiFunction;
import jenkins.model.Jenkins;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** Who may do what. */
public abstract class ACL {
    public static final String SYSTEM_USERNAME = "SYSTEM";
    public static final String ANONYMOUS_USERNAME = "anonymous";

    /** The controller itself, who may do everything. */
    public static final Authentication SYSTEM2 = CurrentUser.SYSTEM;

    /** The same, for cores before 2.266. */
    public static final org.acegisecurity.Authentication SYSTEM =
            org.acegisecurity.Authentication.fromSpring(SYSTEM2);

    /** One of this and {@link #hasPermission(org.acegisecurity.Authentication, Permission)} is overridden. */
    public boolean hasPermission2(Authentication authentication, Permission permission) {
        return hasPermission(org.acegisecurity.Authentication.fromSpring(authentication), permission);
    }

    /** What decides on cores before 2.266. */
    public boolean hasPermission(org.acegisecurity.Authentication authentication, Permission permission) {
        throw new AbstractMethodError(getClass() + " decides nothing");
    }

    public final boolean hasPermission(Permission permission) {
        return hasPermission2(CurrentUser.get(), permission);
    }

    public final void checkPermission(Permission permission) throws AccessDeniedException {
        Authentication authentication = CurrentUser.get();
        if (!authentication.equals(SYSTEM2) && !hasPermission2(authentication, permission)) {
            throw new AccessDeniedException3(authentication, permission);
        }
    }

    public static ACL lambda2(BiFunction<Authentication, Permission, Boolean> decision) {
        return new ACL() {
            @Override
            public boolean hasPermission2(Authentication authentication, Permission permission) {
                return authentication.equals(SYSTEM2) || decision.apply(authentication, permission);
            }
        };
    }

    @Since("2.266")
    public static ACLContext as2(Authentication authentication) {
        return CurrentUser.become(authentication);
    }

    public static ACLContext as(User user) {
        return CurrentUser.become(
                user == null ? Jenkins.ANONYMOUS2 : user.impersonate(user.getUserDetailsForImpersonation2()));
    }
}
