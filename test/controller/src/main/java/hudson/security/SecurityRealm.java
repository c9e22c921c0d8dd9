package hudson.security;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import hudson.security.captcha.CaptchaSupport;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.IdStrategy;
import jenkins.security.BasicHeaderProcessor;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;

/** Knows who the users are, and by which filters a request is found to be of one of them. */
public abstract class SecurityRealm implements Describable<SecurityRealm>, ExtensionPoint {
    public static final GrantedAuthority AUTHENTICATED_AUTHORITY2 = new SimpleGrantedAuthority(
            "authenticated");

    /** Nobody can log in: there are no filters at all. */
    public static final SecurityRealm NO_AUTHENTICATION = new None();

    private CaptchaSupport captchaSupport;
    private transient SecurityComponents securityComponents;

    public abstract SecurityComponents createSecurityComponents();

    public synchronized SecurityComponents getSecurityComponents() {
        if (securityComponents == null) {
            securityComponents = createSecurityComponents();
        }
        return securityComponents;
    }

    public IdStrategy getUserIdStrategy() {
        return IdStrategy.CASE_INSENSITIVE;
    }

    public IdStrategy getGroupIdStrategy() {
        return getUserIdStrategy();
    }

    /** Where the login form posts to. */
    public String getAuthenticationGatewayUrl() {
        return "j_spring_security_check";
    }

    public String getLoginUrl() {
        return "login";
    }

    public boolean canLogOut() {
        return true;
    }

    public boolean allowsSignup() {
        return false;
    }

    public CaptchaSupport getCaptchaSupport() {
        return captchaSupport;
    }

    public void setCaptchaSupport(CaptchaSupport captchaSupport) {
        this.captchaSupport = captchaSupport;
    }

    protected String getPostLogOutUrl2(HttpServletRequest request, Authentication authentication) {
        return request.getContextPath() + "/";
    }

    public void doLogout(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        SecurityContextHolder.clearContext();
        response.sendRedirect(getPostLogOutUrl2(request, authentication));
    }

    /** Answers requests to {@code /securityRealm/NAME}; false if there is nothing of that name. */
    public boolean serve(String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        return false;
    }

    public UserDetails loadUserByUsername2(String name) throws UsernameNotFoundException {
        return getSecurityComponents().userDetails2.loadUserByUsername(name);
    }

    public GroupDetails loadGroupByGroupname2(String name, boolean fetchMembers)
            throws UsernameNotFoundException {
        throw new UserMayOrMayNotExistException2(name);
    }

    /** The session, then the Authorization header, then the login form; who is still nobody is anonymous. */
    public Filter createFilter(FilterConfig config) {
        SecurityComponents components = getSecurityComponents();
        HttpSessionSecurityContextRepository sessions = new HttpSessionSecurityContextRepository();
        sessions.setAllowSessionCreation(false);
        List<Filter> filters = new ArrayList<>();
        filters.add(new HttpSessionContextIntegrationFilter2(sessions));
        filters.add(new BasicHeaderProcessor());
        filters.add(new AuthenticationProcessingFilter2(getAuthenticationGatewayUrl(), components.manager2));
        filters.addAll(commonFilters());
        return new ChainedServletFilter2(filters);
    }

    protected final List<Filter> commonFilters() {
        ExceptionTranslationFilter exceptions = new ExceptionTranslationFilter(
                new HudsonAuthenticationEntryPoint("/" + getLoginUrl()));
        exceptions.setAccessDeniedHandler(new AccessDeniedHandlerImpl());
        return List.of(
                new AnonymousAuthenticationFilter(
                        "anonymous", "anonymous", List.of(new SimpleGrantedAuthority("anonymous"))),
                exceptions);
    }

    /** What a realm makes to check passwords and to look up users. */
    public static final class SecurityComponents {
        public final AuthenticationManager manager2;
        public final UserDetailsService userDetails2;

        public SecurityComponents(AuthenticationManager manager) {
            this(manager, name -> {
                throw new UserMayOrMayNotExistException2(name);
            });
        }

        public SecurityComponents(AuthenticationManager manager, UserDetailsService userDetails) {
            manager2 = manager;
            userDetails2 = userDetails;
        }
    }

    private static final class None extends SecurityRealm {
        private Object readResolve() {
            return NO_AUTHENTICATION;
        }

        @Override
        public SecurityComponents createSecurityComponents() {
            return new SecurityComponents(authentication -> authentication, name -> {
                throw new UsernameNotFoundException(name);
            });
        }

        @Override
        public Filter createFilter(FilterConfig config) {
            return new ChainedServletFilter2();
        }
    }
}
