package pulumi.jenkinsauth.testcontroller.http;

import hudson.model.UnprotectedRootAction;

/** One of the core's own paths that are open to everybody. */
public record OpenAction(String getUrlName) implements UnprotectedRootAction {}
