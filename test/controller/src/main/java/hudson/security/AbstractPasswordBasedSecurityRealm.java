package hudson.security;

import jenkins.security.ImpersonatingUserDetailsService2;
import org.springframework.security.authentication.AnonymousAuthenticationProvider;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.AbstractUserDetailsAuthenticationProvider;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/** A realm that checks a name and a password. */
public abstract class AbstractPasswordBasedSecurityRealm extends SecurityRealm {

    @Override
    public SecurityComponents createSecurityComponents() {
        AuthenticationManager manager = new ProviderManager(new Authenticator(),
                new AnonymousAuthenticationProvider("anonymous"));
        return new SecurityComponents(manager,
                new ImpersonatingUserDetailsService2(this::loadUserByUsername2));
    }

    protected abstract UserDetails authenticate2(String username, String password)
            throws AuthenticationException;

    @Override
    public abstract UserDetails loadUserByUsername2(String name) throws UsernameNotFoundException;

    private final class Authenticator extends AbstractUserDetailsAuthenticationProvider {
        @Override
        protected UserDetails retrieveUser(String username, UsernamePasswordAuthenticationToken token) {
            return authenticate2(username, String.valueOf(token.getCredentials()));
        }

        @Override
        protected void additionalAuthenticationChecks(UserDetails user,
                UsernamePasswordAuthenticationToken token) {
            // retrieving the user checked the password already
        }
    }
}
