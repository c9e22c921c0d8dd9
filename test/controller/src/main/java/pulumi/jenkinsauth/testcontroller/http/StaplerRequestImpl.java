package pulumi.jenkinsauth.testcontroller.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** A request with what Stapler adds to it. */
public final class StaplerRequestImpl extends HttpServletRequestWrapper {

    StaplerRequestImpl(HttpServletRequest request) {
        super(request);
    }

    public String getRestOfPath() {
        return CanonicalPath.of(this);
    }

    public String getReferer() {
        return getHeader("Referer");
    }

    public String getRootPath() {
        return RootUrl.of(this).replaceFirst("/$", "");
    }
}
