package jenkins.security.plugins.ldap;

import hudson.Util;
import java.util.Collection;
import org.kohsuke.stapler.DataBoundConstructor;
import org.springframework.ldap.core.DirContextOperations;
import org.springframework.security.core.GrantedAuthority;
import pulumi.jenkinsauth.testcontroller.directory.DirectoryAuthorities;

/** Searches for the groups that have the user as a member. */
public class FromGroupSearchLDAPGroupMembershipStrategy extends LDAPGroupMembershipStrategy {
    private final String filter;

    @DataBoundConstructor
    public FromGroupSearchLDAPGroupMembershipStrategy(String filter) {
        this.filter = filter;
    }

    public String getFilter() {
        return filter;
    }

    @Override
    void setAuthorities(DirectoryAuthorities authorities) {
        if (Util.fixEmptyAndTrim(filter) != null) {
            authorities.setGroupSearchFilter(filter);
        }
        super.setAuthorities(authorities);
    }

    @Override
    public Collection<? extends GrantedAuthority> getGrantedAuthorities(DirContextOperations user,
            String username) {
        return getAuthorities().getGrantedAuthorities(user, username);
    }
}
