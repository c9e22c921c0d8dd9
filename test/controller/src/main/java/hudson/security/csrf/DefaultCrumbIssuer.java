package hudson.security.csrf;

import hudson.Util;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.kohsuke.stapler.DataBoundConstructor;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;
import pulumi.jenkinsauth.testcontroller.versions.Since;
import pulumi.jenkinsauth.testcontroller.versions.Until;

/** Binds crumbs to the user, and to the session; before 2.176.2 to the client's address instead. */
public class DefaultCrumbIssuer extends CrumbIssuer {
    private static final boolean BOUND_TO_SESSION = Core.version().atLeast("2.176.2");

    /** The switch by which administrators do without the session. */
    @Since("2.176.2")
    static boolean EXCLUDE_SESSION_ID;

    @Until("2.543")
    private boolean excludeClientIPFromCrumb;

    @DataBoundConstructor
    @Since("2.543")
    public DefaultCrumbIssuer() {}

    /** @param excludeClientIPFromCrumb no longer looked at since 2.543 */
    public DefaultCrumbIssuer(boolean excludeClientIPFromCrumb) {
        if (!Core.version().atLeast("2.543")) {
            this.excludeClientIPFromCrumb = excludeClientIPFromCrumb;
        }
    }

    @Override
    public CrumbIssuerDescriptor<DefaultCrumbIssuer> getDescriptor() {
        return new DescriptorImpl();
    }

    @Override
    protected String issueCrumb(ServletRequest request, String salt) {
        HttpServletRequest http = (HttpServletRequest) request;
        String text = CurrentUser.get().getName() + ';'
                + (BOUND_TO_SESSION ? sessionId(http) : clientAddress(http));
        byte[] salted = (text + salt).getBytes(StandardCharsets.UTF_8);
        return Util.toHexString(Util.digest(BOUND_TO_SESSION ? "SHA-256" : "MD5", salted));
    }

    private static String sessionId(HttpServletRequest request) {
        return EXCLUDE_SESSION_ID ? "" : request.getSession().getId();
    }

    private String clientAddress(HttpServletRequest request) {
        if (excludeClientIPFromCrumb) {
            return "";
        }
        String forwardedFor = request.getHeader("X-Forwarded-For");
        return forwardedFor == null ? request.getRemoteAddr() : forwardedFor.split(",")[0].trim();
    }

    @Override
    public boolean validateCrumb(ServletRequest request, String salt, String crumb) {
        byte[] expected = issueCrumb(request, salt).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(expected, crumb.getBytes(StandardCharsets.US_ASCII));
    }

    public static final class DescriptorImpl extends CrumbIssuerDescriptor<DefaultCrumbIssuer> {
        DescriptorImpl() {
            super(DefaultCrumbIssuer.class);
        }
    }
}
