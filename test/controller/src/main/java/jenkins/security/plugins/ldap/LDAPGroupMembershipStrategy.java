package jenkins.security.plugins.ldap;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import java.util.Collection;
import org.springframework.ldap.core.DirContextOperations;
import org.springframework.security.core.GrantedAuthority;
import pulumi.jenkinsauth.testcontroller.directory.DirectoryAuthorities;

/** How it is found out which groups somebody is in. */
public abstract class LDAPGroupMembershipStrategy
        implements
            Describable<LDAPGroupMembershipStrategy>,
            ExtensionPoint {
    private transient DirectoryAuthorities authorities;

    void setAuthorities(DirectoryAuthorities authorities) {
        this.authorities = authorities;
    }

    DirectoryAuthorities getAuthorities() {
        return authorities;
    }

    public abstract Collection<? extends GrantedAuthority> getGrantedAuthorities(
            DirContextOperations user, String username);
}
