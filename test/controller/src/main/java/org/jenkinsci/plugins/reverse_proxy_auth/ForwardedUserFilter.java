package org.jenkinsci.plugins.reverse_proxy_auth;

import hudson.model.User;
import hudson.security.SecurityRealm;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringTokenizer;
import jenkins.security.ApiTokenProperty;
import jenkins.security.BasicCredentials;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/**
 * Every request is of the user whom the header names, else of the token's user, else of nobody, whatever the
 * session says. Any value of the header is a name, {@code (null)} and the empty one included.
 */
final class ForwardedUserFilter implements Filter {
    private final ReverseProxySecurityRealm realm;

    ForwardedUserFilter(ReverseProxySecurityRealm realm) {
        this.realm = realm;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        String name = realm.forwardedUser == null ? null : http.getHeader(realm.forwardedUser);
        if (name == null) {
            name = userOfToken(http);
        }
        realm.retrievedUser = name;
        SecurityContextHolder.getContext()
                .setAuthentication(name == null ? CurrentUser.ANONYMOUS : logIn(http, name));
        chain.doFilter(request, response);
    }

    private static String userOfToken(HttpServletRequest request) {
        BasicCredentials credentials = BasicCredentials.of(request.getHeader("Authorization"));
        User user = credentials == null ? null : User.getById(credentials.username(), false);
        ApiTokenProperty tokens = user == null ? null : user.getProperty(ApiTokenProperty.class);
        return tokens != null && tokens.matchesPassword(credentials.password())
                ? credentials.username()
                : null;
    }

    private Authentication logIn(HttpServletRequest request, String name) throws IOException {
        Collection<? extends GrantedAuthority> authorities;
        if (realm.getLDAPURL() != null) {
            authorities = realm.directory().authorities(name);
        } else {
            ForwardedProfile.update(User.get(name), realm, request);
            authorities = authoritiesOfHeader(request);
        }
        realm.known().put(name, authorities);
        return new UsernamePasswordAuthenticationToken(name, "", authorities);
    }

    /** Each character of the delimiter delimits. */
    private Collection<GrantedAuthority> authoritiesOfHeader(HttpServletRequest request) {
        Set<GrantedAuthority> authorities = new LinkedHashSet<>();
        authorities.add(SecurityRealm.AUTHENTICATED_AUTHORITY2);
        String groups = request.getHeader(realm.headerGroups);
        if (groups != null) {
            StringTokenizer tokens = new StringTokenizer(groups, realm.headerGroupsDelimiter);
            while (tokens.hasMoreTokens()) {
                authorities.add(new SimpleGrantedAuthority(commonName(tokens.nextToken().trim())));
            }
        }
        return authorities;
    }

    /** Of a distinguished name the first part alone is the group. */
    private static String commonName(String group) {
        return group.toUpperCase().startsWith("CN=") ? group.substring(3).split(",", 2)[0] : group;
    }
}
