package hudson.security;

import hudson.model.User;
import hudson.security.csrf.CrumbIssuer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import jenkins.model.Jenkins;
import jenkins.security.SecurityListener;
import jenkins.security.seed.UserSeedProperty;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.authentication.session.SessionFixationProtectionStrategy;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/** The login form: unlike the Authorization header it logs the session in. */
public final class AuthenticationProcessingFilter2 extends UsernamePasswordAuthenticationFilter {
    private static final boolean CRUMB_AND_SEED = Core.version().atLeast("2.160");

    public AuthenticationProcessingFilter2(String gatewayUrl, AuthenticationManager manager) {
        setRequiresAuthenticationRequestMatcher(
                PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/" + gatewayUrl));
        setUsernameParameter("j_username");
        setPasswordParameter("j_password");
        setAuthenticationManager(manager);
        setSessionAuthenticationStrategy(new SessionFixationProtectionStrategy());
        setSecurityContextRepository(new HttpSessionSecurityContextRepository());
        var success = new SavedRequestAwareAuthenticationSuccessHandler();
        success.setTargetUrlParameter("from");
        setAuthenticationSuccessHandler(success);
        setAuthenticationFailureHandler(new SimpleUrlAuthenticationFailureHandler("/loginError"));
    }

    @Override
    public Authentication attemptAuthentication(HttpServletRequest request, HttpServletResponse response)
            throws AuthenticationException {
        CrumbIssuer issuer = Jenkins.get().getCrumbIssuer();
        if (CRUMB_AND_SEED && issuer != null && !issuer.hasValidCrumb(request)) {
            throw new InsufficientAuthenticationException("No valid crumb was included in the request");
        }
        return super.attemptAuthentication(request, response);
    }

    @Override
    protected void successfulAuthentication(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain,
            Authentication result)
            throws IOException, ServletException {
        if (CRUMB_AND_SEED) {
            User user = User.getById(result.getName(), true);
            String seed = user.getProperty(UserSeedProperty.class).getSeed();
            request.getSession().setAttribute(UserSeedProperty.USER_SESSION_SEED, seed);
        }
        super.successfulAuthentication(request, response, chain, result);
        try (ACLContext context = CurrentUser.become(result)) {
            SecurityListener.fireLoggedIn(result.getName());
        }
    }
}
