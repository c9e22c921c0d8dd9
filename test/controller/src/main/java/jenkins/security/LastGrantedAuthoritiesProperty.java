package jenkins.security;

import hudson.model.User;
import hudson.model.UserProperty;
import hudson.security.SecurityRealm;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/** What a user was granted at the last login, for when the realm cannot be asked. */
public class LastGrantedAuthoritiesProperty extends UserProperty {
    private volatile String[] roles;
    private long timestamp;

    public Collection<? extends GrantedAuthority> getAuthorities2() {
        Set<GrantedAuthority> authorities = new LinkedHashSet<>();
        authorities.add(SecurityRealm.AUTHENTICATED_AUTHORITY2);
        for (String role : roles == null ? new String[0] : roles) {
            authorities.add(new SimpleGrantedAuthority(role));
        }
        return List.copyOf(authorities);
    }

    public void update(Authentication authentication) throws IOException {
        String[] granted = authentication.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .toArray(String[]::new);
        if (!Arrays.equals(roles, granted)) {
            roles = granted;
            timestamp = System.currentTimeMillis();
            user.save();
        }
    }

    /** Notes down what is granted at a login. */
    static void remember(String name) throws IOException {
        User user = User.getById(name, true);
        LastGrantedAuthoritiesProperty property = user.getProperty(LastGrantedAuthoritiesProperty.class);
        if (property == null) {
            property = new LastGrantedAuthoritiesProperty();
            user.addProperty(property);
        }
        Authentication authentication = CurrentUser.get();
        if (authentication.getName().equals(name)) {
            property.update(authentication);
        }
    }
}
