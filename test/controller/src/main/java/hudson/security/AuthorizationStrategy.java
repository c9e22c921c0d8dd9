package hudson.security;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.model.User;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import org.springframework.security.core.Authentication;

/** Decides who may do what. */
public abstract class AuthorizationStrategy implements Describable<AuthorizationStrategy>, ExtensionPoint {
    /** Everybody may do everything. */
    public static final AuthorizationStrategy UNSECURED = new Unsecured();

    public abstract ACL getRootACL();

    public abstract Collection<String> getGroups();

    public ACL getACL(User user) {
        return getRootACL();
    }

    public static final class Unsecured extends AuthorizationStrategy implements Serializable {
        private Object readResolve() {
            return UNSECURED;
        }

        @Override
        public ACL getRootACL() {
            return new ACL() {
                @Override
                public boolean hasPermission2(Authentication authentication, Permission permission) {
                    return true;
                }
            };
        }

        @Override
        public Collection<String> getGroups() {
            return List.of();
        }
    }
}
