package org.jenkinsci.plugins.reverse_proxy_auth;

import hudson.Util;
import hudson.model.User;
import hudson.security.SecurityRealm;
import hudson.tasks.Mailer;
import hudson.util.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.naming.Context;
import org.springframework.ldap.core.DirContextOperations;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.ldap.DefaultSpringSecurityContextSource;
import org.springframework.security.ldap.authentication.BindAuthenticator;
import org.springframework.security.ldap.authentication.LdapAuthenticationProvider;
import org.springframework.security.ldap.search.FilterBasedLdapUserSearch;
import pulumi.jenkinsauth.testcontroller.directory.DirectoryAuthorities;

/** The directory that a realm asks for groups. There is no time limit on it. */
final class LdapGroups {
    private final ReverseProxySecurityRealm realm;
    private final DefaultSpringSecurityContextSource source;
    private final FilterBasedLdapUserSearch search;
    private final DirectoryAuthorities groups;
    private final Map<String, Long> lastAsked = new ConcurrentHashMap<>();

    LdapGroups(ReverseProxySecurityRealm realm) {
        this.realm = realm;
        source = new DefaultSpringSecurityContextSource(realm.getLDAPURL());
        Secret password = realm.managerPassword();
        if (realm.managerDN != null && password != null) {
            source.setUserDn(realm.managerDN);
            source.setPassword(password.getPlainText());
        }
        source.setBaseEnvironmentProperties(Map.of(Context.REFERRAL, "follow"));
        source.afterPropertiesSet();
        search = new FilterBasedLdapUserSearch(realm.userSearchBase, realm.userSearch, source);
        search.setSearchSubtree(true);
        groups = new DirectoryAuthorities(source, realm.groupSearchBase, true);
        if (realm.groupMembershipFilter != null) {
            groups.setGroupSearchFilter(realm.groupMembershipFilter);
        }
        String groupName = realm.ofVersion("groupNameAttribute");
        if (groupName != null) {
            groups.setGroupRoleAttribute(groupName);
        }
    }

    SecurityRealm.SecurityComponents components() {
        BindAuthenticator binding = new BindAuthenticator(source);
        binding.setUserSearch(search);
        LdapAuthenticationProvider provider = new LdapAuthenticationProvider(binding, groups);
        return new SecurityRealm.SecurityComponents(new ProviderManager(provider), this::load);
    }

    private UserDetails load(String name) {
        DirContextOperations entry = search.searchForUser(name);
        noteProfile(name, entry);
        return new ReverseProxyUserDetails(name, groups.getGrantedAuthorities(entry, name));
    }

    private void noteProfile(String name, DirContextOperations entry) {
        User user = User.get(name);
        String displayName = attribute(entry, realm.getDisplayNameLdapAttribute());
        if (displayName != null) {
            user.setFullName(displayName);
        }
        String address = attribute(entry, realm.getEmailAddressLdapAttribute());
        if (!realm.disableLdapEmailResolver && address != null
                && user.getProperty(Mailer.UserProperty.class) == null) {
            try {
                user.addProperty(new Mailer.UserProperty(address));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String attribute(DirContextOperations entry, String name) {
        return Util.fixEmptyAndTrim(name) == null
                ? null
                : Util.fixEmptyAndTrim(entry.getStringAttribute(name));
    }

    /**
     * What somebody is granted, asked again after the realm's interval; who is not in the directory gets in
     * all the same.
     */
    Collection<? extends GrantedAuthority> authorities(String name) {
        Collection<? extends GrantedAuthority> known = realm.known().get(name);
        Long asked = lastAsked.get(name);
        long interval = TimeUnit.MINUTES.toNanos(realm.updateInterval);
        boolean fresh = asked != null && System.nanoTime() - asked < interval;
        if (known != null && known.size() > 1 && fresh) {
            return known;
        }
        lastAsked.put(name, System.nanoTime());
        try {
            return load(name).getAuthorities();
        } catch (UsernameNotFoundException e) {
            return Set.of(SecurityRealm.AUTHENTICATED_AUTHORITY2);
        }
    }
}
