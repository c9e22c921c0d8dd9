package cf.pgmann.plugins.urlauth;

import hudson.model.User;
import hudson.security.SecurityRealm;
import hudson.tasks.Mailer;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.kohsuke.stapler.DataBoundConstructor;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.UserDetails;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/**
 * Asks another site, by the cookies of each request, who the user is. The usual filters are not there:
 * tokens, passwords and sessions mean nothing, and who is refused is not sent to any login page.
 */
public class UrlSecurityRealm extends SecurityRealm {
    private static final String REFERER = UrlSecurityRealm.class.getName() + ".referer";

    public final String targetUrl;
    public final String ssoLoginUrl;
    public final String userNameKey;
    public final String displayNameKey;
    public final String emailKey;

    @DataBoundConstructor
    public UrlSecurityRealm(
            String targetUrl, String ssoLoginUrl, String userNameKey, String displayNameKey,
            String emailKey) {
        this.targetUrl = targetUrl;
        this.ssoLoginUrl = ssoLoginUrl;
        this.userNameKey = userNameKey;
        this.displayNameKey = displayNameKey;
        this.emailKey = emailKey;
    }

    @Override
    public SecurityComponents createSecurityComponents() {
        return new SecurityComponents(authentication -> authentication, UrlSecurityRealm::anybody);
    }

    /** Whoever is asked for exists, with no authorities. */
    private static UserDetails anybody(String name) {
        return org.springframework.security.core.userdetails.User.withUsername(name).password("").build();
    }

    @Override
    public Filter createFilter(FilterConfig config) {
        return (request, response, chain) -> {
            SecurityContextHolder.getContext().setAuthentication(authenticate((HttpServletRequest) request));
            chain.doFilter(request, response);
        };
    }

    private Authentication authenticate(HttpServletRequest request) throws IOException {
        if (request.getCookies() == null || targetUrl == null || targetUrl.isEmpty()) {
            return CurrentUser.ANONYMOUS;
        }
        SsoUser found = SsoUser.ask(this, request.getHeader("Cookie"));
        if (found == null) {
            return CurrentUser.ANONYMOUS;
        }
        User user = User.getById(found.name(), true);
        user.setFullName(found.displayName());
        if (!found.email().isEmpty()) {
            user.addProperty(new Mailer.UserProperty(found.email()));
        }
        return found.authentication();
    }

    @Override
    public boolean canLogOut() {
        return false;
    }

    @Override
    public String getLoginUrl() {
        return "securityRealm/login";
    }

    /** Sends who is not known to the site's own login page, and who is known back to where they came from. */
    @Override
    public boolean serve(String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!name.equals("login")) {
            return false;
        }
        String referer = request.getHeader("Referer");
        if (CurrentUser.get() instanceof AnonymousAuthenticationToken) {
            if (ssoLoginUrl == null || ssoLoginUrl.isEmpty()) {
                throw new IllegalArgumentException("There is no login URL");
            }
            request.getSession().setAttribute(REFERER, referer);
            response.sendRedirect(ssoLoginUrl);
        } else {
            Object saved = request.getSession().getAttribute(REFERER);
            String back = saved instanceof String url && !url.isEmpty() ? url : referer;
            response.sendRedirect(back == null || back.isEmpty() ? request.getContextPath() + "/" : back);
        }
        return true;
    }
}
