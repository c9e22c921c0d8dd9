package jenkins.security;

import hudson.model.User;
import hudson.security.UserMayOrMayNotExistException2;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;

/** Where the realm cannot say whether there is such a user, gives the authorities of the last login. */
public class ImpersonatingUserDetailsService2 implements UserDetailsService {
    private final UserDetailsService realm;

    public ImpersonatingUserDetailsService2(UserDetailsService realm) {
        this.realm = realm;
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        try {
            return realm.loadUserByUsername(name);
        } catch (UserMayOrMayNotExistException2 e) {
            User user = User.getById(name, false);
            LastGrantedAuthoritiesProperty last = user == null
                    ? null
                    : user.getProperty(LastGrantedAuthoritiesProperty.class);
            if (last == null) {
                throw e;
            }
            return new org.springframework.security.core.userdetails.User(name, "", last.getAuthorities2());
        }
    }
}
