package pulumi.jenkinsauth.testcontroller.directory;

import hudson.Util;
import hudson.security.SecurityRealm;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.ldap.core.ContextSource;
import org.springframework.ldap.core.DirContextOperations;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.ldap.userdetails.DefaultLdapAuthoritiesPopulator;

/**
 * What somebody in the directory is granted: each group as it is, and as {@code ROLE_} with its name in
 * upper case.
 */
public final class DirectoryAuthorities extends DefaultLdapAuthoritiesPopulator {
    private final boolean rolePrefixing;

    public DirectoryAuthorities(ContextSource source, String groupSearchBase, boolean rolePrefixing) {
        super(source, Util.fixNull(groupSearchBase));
        this.rolePrefixing = rolePrefixing;
        setRolePrefix("");
        setConvertToUpperCase(false);
        setSearchSubtree(true);
        setGroupSearchFilter("(| (member={0}) (uniqueMember={0}) (memberUid={1}))");
    }

    @Override
    protected Set<GrantedAuthority> getAdditionalRoles(DirContextOperations user, String username) {
        return Set.of(SecurityRealm.AUTHENTICATED_AUTHORITY2);
    }

    @Override
    public Set<GrantedAuthority> getGroupMembershipRoles(String userDn, String username) {
        return withRoles(super.getGroupMembershipRoles(userDn, username));
    }

    /** Groups that were found elsewhere, with all that belongs to them. */
    public Collection<GrantedAuthority> complete(Set<GrantedAuthority> groups) {
        Set<GrantedAuthority> authorities = withRoles(groups);
        authorities.add(SecurityRealm.AUTHENTICATED_AUTHORITY2);
        return authorities;
    }

    private Set<GrantedAuthority> withRoles(Set<GrantedAuthority> groups) {
        Set<GrantedAuthority> authorities = new LinkedHashSet<>(groups);
        if (rolePrefixing) {
            for (GrantedAuthority group : groups) {
                authorities.add(new SimpleGrantedAuthority("ROLE_" + group.getAuthority().toUpperCase()));
            }
        }
        return authorities;
    }
}
