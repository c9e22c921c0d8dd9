package hudson.security;

import hudson.model.User;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import jenkins.security.ApiTokenProperty;
import jenkins.security.BasicCredentials;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * The Authorization header under {@link LegacySecurityRealm}. A token that it accepts is not noted in the
 * request, so that the crumb filter does not know of it.
 */
public class BasicAuthenticationFilter implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String header = ((HttpServletRequest) request).getHeader("Authorization");
        if (header == null) {
            chain.doFilter(request, response);
            return;
        }
        BasicCredentials credentials = BasicCredentials.of(header);
        User user = credentials == null ? null : User.getById(credentials.username(), false);
        ApiTokenProperty tokens = user == null ? null : user.getProperty(ApiTokenProperty.class);
        if (tokens == null || !tokens.matchesPassword(credentials.password())) {
            ((HttpServletResponse) response).setHeader("WWW-Authenticate", "Basic realm=\"Jenkins user\"");
            ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        SecurityContextHolder.getContext()
                .setAuthentication(user.impersonate(user.getUserDetailsForImpersonation2()));
        chain.doFilter(request, response);
    }
}
