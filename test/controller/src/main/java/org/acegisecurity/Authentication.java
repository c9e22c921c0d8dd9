package org.acegisecurity;

import java.security.Principal;

/** Who somebody is, as cores before 2.266 name it. */
public interface Authentication extends Principal {
    GrantedAuthority[] getAuthorities();

    boolean isAuthenticated();

    /** Two of these are equal if what they are made from is. */
    static Authentication fromSpring(org.springframework.security.core.Authentication authentication) {
        return new SpringAuthentication(authentication);
    }
}
