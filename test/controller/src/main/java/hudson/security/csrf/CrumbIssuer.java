package hudson.security.csrf;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import pulumi.jenkinsauth.testcontroller.http.CurrentRequest;

/** Gives out crumbs, and knows its own when they come back. */
public abstract class CrumbIssuer implements Describable<CrumbIssuer>, ExtensionPoint {

    public abstract CrumbIssuerDescriptor<?> getDescriptor();

    protected abstract String issueCrumb(ServletRequest request, String salt);

    public abstract boolean validateCrumb(ServletRequest request, String salt, String crumb);

    public String getCrumbRequestField() {
        return getDescriptor().getCrumbRequestField();
    }

    /** The crumb for the current request. */
    public String getCrumb() {
        return getCrumb(CurrentRequest.get());
    }

    public String getCrumb(ServletRequest request) {
        return issueCrumb(request, getDescriptor().getCrumbSalt());
    }

    /** Whether the request carries a good crumb, as a header or as a field of its form. */
    public boolean hasValidCrumb(HttpServletRequest request) {
        String crumb = request.getHeader(getCrumbRequestField());
        if (crumb == null) {
            crumb = request.getParameter(getCrumbRequestField());
        }
        return crumb != null && validateCrumb(request, getDescriptor().getCrumbSalt(), crumb);
    }
}
