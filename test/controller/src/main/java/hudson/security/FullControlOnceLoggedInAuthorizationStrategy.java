package hudson.security;

import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;

/** Who is logged in may do everything; anonymous may read, or not even that. */
public class FullControlOnceLoggedInAuthorizationStrategy extends AuthorizationStrategy {
    private boolean denyAnonymousReadAccess;

    @DataBoundConstructor
    public FullControlOnceLoggedInAuthorizationStrategy() {}

    public boolean isAllowAnonymousRead() {
        return !denyAnonymousReadAccess;
    }

    @DataBoundSetter
    public void setAllowAnonymousRead(boolean allowAnonymousRead) {
        denyAnonymousReadAccess = !allowAnonymousRead;
    }

    @Override
    public ACL getRootACL() {
        return new ACL() {
            @Override
            public boolean hasPermission2(Authentication authentication, Permission permission) {
                boolean anonymous = authentication instanceof AnonymousAuthenticationToken;
                return !anonymous || permission == Jenkins.READ && !denyAnonymousReadAccess;
            }
        };
    }

    @Override
    public List<String> getGroups() {
        return List.of();
    }
}
