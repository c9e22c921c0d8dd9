package org.jenkinsci.plugins.reverse_proxy_auth;

import hudson.security.SecurityRealm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;

/** Somebody whom the proxy named, by whatever name: the empty one, too. */
final class ReverseProxyUserDetails implements UserDetails {
    private final String username;
    private final List<GrantedAuthority> authorities = new ArrayList<>();

    /** @param known the authorities of the last request, or null */
    ReverseProxyUserDetails(String username, Collection<? extends GrantedAuthority> known) {
        this.username = username;
        authorities.add(SecurityRealm.AUTHENTICATED_AUTHORITY2);
        if (known != null) {
            known.stream().filter(authority -> !authorities.contains(authority)).forEach(authorities::add);
        }
    }

    @Override
    public Collection<? extends GrantedAuthority> getAuthorities() {
        return authorities;
    }

    @Override
    public String getPassword() {
        return "";
    }

    @Override
    public String getUsername() {
        return username;
    }
}
