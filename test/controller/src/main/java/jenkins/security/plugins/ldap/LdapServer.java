package jenkins.security.plugins.ldap;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.naming.directory.SearchControls;
import org.springframework.ldap.core.ContextMapper;
import org.springframework.ldap.core.DirContextOperations;
import org.springframework.ldap.core.LdapTemplate;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.ldap.DefaultSpringSecurityContextSource;
import org.springframework.security.ldap.authentication.BindAuthenticator;
import org.springframework.security.ldap.authentication.LdapAuthenticationProvider;
import org.springframework.security.ldap.search.FilterBasedLdapUserSearch;
import pulumi.jenkinsauth.testcontroller.directory.DirectoryAuthorities;

/** Talks to the directory of one {@link LDAPConfiguration}. */
public final class LdapServer {
    private static final String CONNECT_TIMEOUT = "30000";
    private static final String READ_TIMEOUT = "60000";
    private static final String DEFAULT_GROUP_SEARCH = "(& (cn={0}) (| (objectclass=groupOfNames)"
            + " (objectclass=groupOfUniqueNames) (objectclass=posixGroup)))";

    private final LDAPConfiguration configuration;
    private final DefaultSpringSecurityContextSource source;
    private final FilterBasedLdapUserSearch search;

    /** Does not connect yet. */
    public LdapServer(LDAPConfiguration configuration, boolean rolePrefixing) {
        this.configuration = configuration;
        source = new DefaultSpringSecurityContextSource(configuration.getLDAPURL());
        if (configuration.getManagerDN() != null) {
            source.setUserDn(configuration.getManagerDN());
            source.setPassword(configuration.getManagerPassword());
        }
        source.setReferral("follow");
        Map<String, Object> environment = new HashMap<>();
        environment.put("com.sun.jndi.ldap.connect.pool", "true");
        environment.put("com.sun.jndi.ldap.connect.timeout", CONNECT_TIMEOUT);
        environment.put("com.sun.jndi.ldap.read.timeout", READ_TIMEOUT);
        environment.putAll(configuration.getExtraEnvVars());
        source.setBaseEnvironmentProperties(environment);
        source.afterPropertiesSet();
        search = new FilterBasedLdapUserSearch(
                configuration.getUserSearchBase(), configuration.getUserSearch(), source);
        search.setSearchSubtree(true);
        configuration
                .getGroupMembershipStrategy()
                .setAuthorities(
                        new DirectoryAuthorities(source, configuration.getGroupSearchBase(), rolePrefixing));
    }

    public LDAPConfiguration configuration() {
        return configuration;
    }

    /** Somebody's entry, and what it grants. */
    public record Entry(DirContextOperations attributes,
            Collection<? extends GrantedAuthority> authorities) {}

    public Authentication authenticate(Authentication authentication) throws AuthenticationException {
        BindAuthenticator binding = new BindAuthenticator(source);
        binding.setUserSearch(search);
        LdapAuthenticationProvider provider = new LdapAuthenticationProvider(binding, this::authorities);
        return provider.authenticate(authentication);
    }

    public Entry find(String username) throws UsernameNotFoundException {
        try {
            DirContextOperations user = search.searchForUser(username);
            return new Entry(user, authorities(user, username));
        } catch (AuthenticationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new AuthenticationServiceException("Failed to search LDAP for " + username, e);
        }
    }

    private Collection<? extends GrantedAuthority> authorities(DirContextOperations user, String username) {
        return configuration.getGroupMembershipStrategy().getGrantedAuthorities(user, username);
    }

    /** The name of a group as the directory spells it, or null if there is none. */
    public String findGroup(String name) {
        String base = configuration.getGroupSearchBase() == null ? "" : configuration.getGroupSearchBase();
        String filter = configuration.getGroupSearchFilter();
        String search = (filter == null ? DEFAULT_GROUP_SEARCH : filter).replace("{0}", escape(name));
        SearchControls controls = new SearchControls();
        controls.setSearchScope(SearchControls.SUBTREE_SCOPE);
        ContextMapper<String> toName = context -> ((DirContextOperations) context).getStringAttribute("cn");
        return new LdapTemplate(source)
                .search(base, search, controls, toName).stream().findFirst().orElse(null);
    }

    private static String escape(String value) {
        return value.replace("\\", "\\5c").replace("*", "\\2a").replace("(", "\\28").replace(")", "\\29");
    }
}
