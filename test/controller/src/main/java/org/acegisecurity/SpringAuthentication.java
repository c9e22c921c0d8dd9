package org.acegisecurity;

import org.springframework.security.core.Authentication;

/** Shows an authentication of Spring Security as one of Acegi. */
record SpringAuthentication(Authentication authentication) implements org.acegisecurity.Authentication {
    @Override
    public String getName() {
        return authentication.getName();
    }

    @Override
    public GrantedAuthority[] getAuthorities() {
        return authentication.getAuthorities().stream()
                .map(authority -> (GrantedAuthority) authority::getAuthority)
                .toArray(GrantedAuthority[]::new);
    }

    @Override
    public boolean isAuthenticated() {
        return authentication.isAuthenticated();
    }

    @Override
    public String toString() {
        return authentication.toString();
    }
}
