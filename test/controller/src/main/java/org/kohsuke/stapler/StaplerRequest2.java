package org.kohsuke.stapler;

import jakarta.servlet.http.HttpServletRequest;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** The request that is being answered. */
@Since("2.475")
public interface StaplerRequest2 extends HttpServletRequest {
    /** The path below the context path, with dot segments resolved and still encoded. */
    String getRestOfPath();

    String getReferer();

    /** The address of the controller's root as this request reached it, without a slash at its end. */
    String getRootPath();
}
