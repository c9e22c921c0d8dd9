package hudson.security;

import hudson.model.Describable;
import hudson.model.User;
import hudson.tasks.Mailer;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import jenkins.model.IdStrategy;
import jenkins.security.plugins.ldap.LDAPConfiguration;
import jenkins.security.plugins.ldap.LdapServer;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.springframework.ldap.core.DirContextOperations;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** Users and groups of one directory or several. */
public class LDAPSecurityRealm extends AbstractPasswordBasedSecurityRealm {
    public final boolean disableMailAddressResolver;
    private List<LDAPConfiguration> configurations;
    private final CacheConfiguration cache;
    private final IdStrategy userIdStrategy;
    private final IdStrategy groupIdStrategy;
    private boolean disableRolePrefixing;

    private transient List<LdapServer> servers;
    private transient Map<String, Cached> cached;

    private record Cached(UserDetails details, long time) {}

    @DataBoundConstructor
    public LDAPSecurityRealm(
            List<LDAPConfiguration> configurations,
            boolean disableMailAddressResolver,
            CacheConfiguration cache,
            IdStrategy userIdStrategy,
            IdStrategy groupIdStrategy) {
        if (configurations == null || configurations.isEmpty()) {
            throw new IllegalArgumentException("At least one configuration is required");
        }
        Set<String> places = new HashSet<>();
        if (!configurations.stream().map(LDAPConfiguration::getId).allMatch(places::add)) {
            throw new IllegalArgumentException("Two configurations are of the same server and root DN");
        }
        this.configurations = configurations;
        this.disableMailAddressResolver = disableMailAddressResolver;
        this.cache = cache;
        this.userIdStrategy = userIdStrategy;
        this.groupIdStrategy = groupIdStrategy;
    }

    public List<LDAPConfiguration> getConfigurations() {
        return configurations;
    }

    public CacheConfiguration getCache() {
        return cache;
    }

    public boolean isDisableRolePrefixing() {
        return disableRolePrefixing;
    }

    @DataBoundSetter
    public void setDisableRolePrefixing(boolean disable) {
        disableRolePrefixing = disable;
    }

    @Override
    public IdStrategy getUserIdStrategy() {
        return userIdStrategy == null ? IdStrategy.CASE_INSENSITIVE : userIdStrategy;
    }

    @Override
    public IdStrategy getGroupIdStrategy() {
        return groupIdStrategy == null ? IdStrategy.CASE_INSENSITIVE : groupIdStrategy;
    }

    /** Connects to nothing: a directory that is wrong shows at the first login. */
    @Override
    public SecurityComponents createSecurityComponents() {
        servers = configurations.stream()
                .map(configuration -> new LdapServer(configuration, !disableRolePrefixing))
                .toList();
        cached = new ConcurrentHashMap<>();
        return new SecurityComponents(this::authenticate, this::load);
    }

    private Authentication authenticate(Authentication authentication) throws AuthenticationException {
        AuthenticationException failure = new BadCredentialsException("No directory knows this user");
        for (LdapServer server : servers) {
            try {
                Authentication result = server.authenticate(authentication);
                noteProfile(result.getName(), server, server.find(result.getName()).attributes());
                return result;
            } catch (BadCredentialsException e) {
                failure = e;
            } catch (AuthenticationServiceException e) {
                failure = e;
                if (!server.configuration().isIgnoreIfUnavailable()) {
                    break;
                }
            }
        }
        throw failure;
    }

    private UserDetails load(String name) throws UsernameNotFoundException {
        Cached known = cache == null ? null : cached.get(name);
        if (known != null && System.nanoTime() - known.time < TimeUnit.SECONDS.toNanos(cache.getTtl())) {
            return known.details;
        }
        for (LdapServer server : servers) {
            try {
                LdapServer.Entry entry = server.find(name);
                UserDetails details = org.springframework.security.core.userdetails.User.withUsername(name)
                        .password("")
                        .authorities(entry.authorities())
                        .build();
                if (cache != null) {
                    cached.put(name, new Cached(details, System.nanoTime()));
                }
                return details;
            } catch (UsernameNotFoundException e) {
                // the next directory may know the user
            } catch (AuthenticationServiceException e) {
                if (!server.configuration().isIgnoreIfUnavailable()) {
                    throw new UserMayOrMayNotExistException2(e.toString(), e);
                }
            }
        }
        throw new UsernameNotFoundException(name);
    }

    private void noteProfile(String name, LdapServer server, DirContextOperations entry) {
        User user = User.get(name, true, Map.of());
        String displayName = entry.getStringAttribute(server.configuration().getDisplayNameAttributeName());
        if (displayName != null && !displayName.isBlank() && user.getId().equals(user.getFullName())) {
            user.setFullName(displayName);
        }
        String address = entry.getStringAttribute(server.configuration().getMailAddressAttributeName());
        Mailer.UserProperty mail = user.getProperty(Mailer.UserProperty.class);
        boolean mailIsUnset = mail == null || !mail.hasExplicitlyConfiguredAddress();
        if (!disableMailAddressResolver && address != null && !address.isBlank() && mailIsUnset) {
            try {
                user.addProperty(new Mailer.UserProperty(address));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    protected UserDetails authenticate2(String username, String password) throws AuthenticationException {
        Authentication result = getSecurityComponents().manager2
                .authenticate(new UsernamePasswordAuthenticationToken(username, password));
        return (UserDetails) result.getPrincipal();
    }

    @Override
    public UserDetails loadUserByUsername2(String name) throws UsernameNotFoundException {
        return getSecurityComponents().userDetails2.loadUserByUsername(name);
    }

    @Override
    public GroupDetails loadGroupByGroupname2(String name, boolean fetchMembers)
            throws UsernameNotFoundException {
        getSecurityComponents();
        for (LdapServer server : servers) {
            String found = server.findGroup(name);
            if (found != null) {
                return new GroupDetails() {
                    @Override
                    public String getName() {
                        return found;
                    }
                };
            }
        }
        throw new UsernameNotFoundException(name);
    }

    /**
     * How much to remember of users, and for how many seconds. What is out of bounds is silently put into
     * them.
     */
    public static class CacheConfiguration implements Describable<CacheConfiguration> {
        private final int size;
        private final int ttl;

        @DataBoundConstructor
        public CacheConfiguration(int size, int ttl) {
            this.size = Math.max(10, Math.min(size, 1000));
            this.ttl = Math.max(30, Math.min(ttl, 3600));
        }

        public int getSize() {
            return size;
        }

        public int getTtl() {
            return ttl;
        }
    }

    /** A setting for Java's directory client. */
    public static class EnvironmentProperty implements Describable<EnvironmentProperty>, Serializable {
        private final String name;
        private final String value;

        @DataBoundConstructor
        public EnvironmentProperty(String name, String value) {
            this.name = name;
            this.value = value;
        }

        public String getName() {
            return name;
        }

        public String getValue() {
            return value;
        }
    }
}
