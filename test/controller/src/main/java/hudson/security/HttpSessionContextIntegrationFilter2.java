package hudson.security;

import hudson.model.User;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import jenkins.security.seed.UserSeedProperty;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextPersistenceFilter;
import org.springframework.security.web.context.SecurityContextRepository;
import pulumi.jenkinsauth.testcontroller.Core;

/** Takes who is logged in from the session, if the session still carries the seed of that user. */
public class HttpSessionContextIntegrationFilter2 extends SecurityContextPersistenceFilter {
    private static final String CONTEXT = HttpSessionSecurityContextRepository.SPRING_SECURITY_CONTEXT_KEY;
    private static final boolean SEEDS = Core.version().atLeast("2.160");

    public HttpSessionContextIntegrationFilter2(SecurityContextRepository repository) {
        super(repository);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpSession session = ((HttpServletRequest) request).getSession(false);
        if (session != null && SEEDS && session.getAttribute(CONTEXT) instanceof SecurityContext context) {
            if (hasOldSeed(context.getAuthentication(), session)) {
                session.removeAttribute(CONTEXT);
            }
        }
        super.doFilter(request, response, chain);
    }

    private static boolean hasOldSeed(Authentication authentication, HttpSession session) {
        if (authentication == null || authentication instanceof AnonymousAuthenticationToken) {
            return false;
        }
        User user = User.getById(authentication.getName(), false);
        if (user == null) {
            return false;
        }
        UserSeedProperty property = user.getProperty(UserSeedProperty.class);
        return property == null
                || !property.getSeed().equals(session.getAttribute(UserSeedProperty.USER_SESSION_SEED));
    }
}
