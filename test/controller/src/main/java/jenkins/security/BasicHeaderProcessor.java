package jenkins.security;

import hudson.model.User;
import hudson.security.ACLContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.authentication.WebAuthenticationDetailsSource;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/**
 * The Authorization header: an API token, or else a password, or else 401. Other schemes than Basic are
 * ignored.
 */
public class BasicHeaderProcessor implements Filter {
    /** Set on requests whose token was good: these need no crumb. */
    public static final String BY_TOKEN = "jenkins.security.BasicHeaderApiTokenAuthenticator";

    private static final String CHALLENGE = "Basic realm=\"Jenkins\""
            + (Core.version().atLeast("2.555") ? ", charset=\"UTF-8\"" : "");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        String header = http.getHeader("Authorization");
        if (!BasicCredentials.isBasic(header)) {
            chain.doFilter(request, response);
            return;
        }
        BasicCredentials credentials = BasicCredentials.of(header);
        if (credentials != null && isLoggedInAlready(credentials.username())) {
            chain.doFilter(request, response);
            return;
        }
        Authentication authentication = credentials == null ? null : authenticate(http, credentials);
        if (authentication == null) {
            ((HttpServletResponse) response).setHeader("WWW-Authenticate", CHALLENGE);
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_UNAUTHORIZED, "Unauthorized");
            return;
        }
        try (ACLContext context = CurrentUser.become(authentication)) {
            chain.doFilter(request, response);
        }
    }

    /** A session that is logged in as the same user goes before the header, which then is not looked at. */
    private static boolean isLoggedInAlready(String username) {
        Authentication existing = SecurityContextHolder.getContext().getAuthentication();
        if (existing == null || !existing.isAuthenticated()
                || existing instanceof AnonymousAuthenticationToken) {
            return false;
        }
        return !(existing instanceof UsernamePasswordAuthenticationToken)
                || existing.getName().equals(username);
    }

    private static Authentication authenticate(HttpServletRequest request, BasicCredentials credentials)
            throws ServletException {
        User user = User.getById(credentials.username(), !Core.hasTokenStore());
        ApiTokenProperty tokens = user == null ? null : user.getProperty(ApiTokenProperty.class);
        if (tokens != null && tokens.matchesPassword(credentials.password())) {
            return byToken(request, user);
        }
        return byPassword(request, credentials);
    }

    /**
     * A good token is no password: that the realm cannot load its user ends the request, as an error of the
     * server.
     */
    private static Authentication byToken(HttpServletRequest request, User user) throws ServletException {
        try {
            Authentication authentication = user.impersonate(user.getUserDetailsForImpersonation2());
            request.setAttribute(BY_TOKEN, true);
            return authentication;
        } catch (UsernameNotFoundException e) {
            throw new ServletException(e);
        }
    }

    private static Authentication byPassword(HttpServletRequest request, BasicCredentials credentials) {
        UsernamePasswordAuthenticationToken token = new UsernamePasswordAuthenticationToken(
                credentials.username(), credentials.password());
        token.setDetails(new WebAuthenticationDetailsSource().buildDetails(request));
        try {
            return Jenkins.get().getSecurityRealm().getSecurityComponents().manager2.authenticate(token);
        } catch (AuthenticationException e) {
            return null;
        }
    }
}
