package org.kohsuke.stapler;

import pulumi.jenkinsauth.testcontroller.http.CurrentRequest;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** Where a script finds the request that brought it. */
public class Stapler {

    public static StaplerRequest getCurrentRequest() {
        return CurrentRequest.as(StaplerRequest.class);
    }

    @Since("2.475")
    public static StaplerRequest2 getCurrentRequest2() {
        return CurrentRequest.as(StaplerRequest2.class);
    }
}
