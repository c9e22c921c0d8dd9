package jenkins.security.plugins.ldap;

import hudson.Util;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.kohsuke.stapler.DataBoundConstructor;
import org.springframework.ldap.core.DirContextOperations;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Reads the groups from an attribute of the user's own entry. */
public class FromUserRecordLDAPGroupMembershipStrategy extends LDAPGroupMembershipStrategy {
    private final String attributeName;

    @DataBoundConstructor
    public FromUserRecordLDAPGroupMembershipStrategy(String attributeName) {
        this.attributeName = attributeName;
    }

    public String getAttributeName() {
        return Util.fixEmpty(attributeName) == null ? "memberOf" : attributeName;
    }

    @Override
    public Collection<? extends GrantedAuthority> getGrantedAuthorities(DirContextOperations user,
            String username) {
        String[] groups = user.getStringAttributes(getAttributeName());
        Set<GrantedAuthority> names = Stream.of(groups == null ? new String[0] : groups)
                .map(group -> new SimpleGrantedAuthority(lastName(group)))
                .collect(Collectors.toSet());
        return getAuthorities().complete(names);
    }

    private static String lastName(String group) {
        try {
            LdapName name = new LdapName(group);
            return name.getRdn(name.size() - 1).getValue().toString();
        } catch (InvalidNameException e) {
            return group;
        }
    }
}
