package org.acegisecurity;

/** One thing that somebody is granted. */
public interface GrantedAuthority {
    String getAuthority();
}
