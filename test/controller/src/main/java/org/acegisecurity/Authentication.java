package org.acegisecurity;

import java.security.Principal;

/** Who somebody is, as cores before 2.266 name it. */
public interface Authentication extends Principal {
    GrantedAuthority[] getAuthorities();

    boolean isAuthenticated();

    static Authentication fromSpring(org.springframework.security.core.Authentication authentication) {
        return new Authentication() {
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
        };
    }
}
