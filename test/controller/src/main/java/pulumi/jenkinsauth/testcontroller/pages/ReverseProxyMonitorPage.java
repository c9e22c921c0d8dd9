package pulumi.jenkinsauth.testcontroller.pages;

import hudson.Util;
import java.io.IOException;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** The test by which Jenkins finds out that a proxy in front rewrites redirects, encoded slashes and all. */
public final class ReverseProxyMonitorPage implements Page {
    private static final String ID = "hudson.diagnosis.ReverseProxySetupMonitor";

    @Override
    public void serve(Exchange exchange) throws IOException {
        if (exchange.rest().size() < 2 || !exchange.rest().get(0).equals(ID)) {
            exchange.notFound();
            return;
        }
        exchange.checkPermission(Jenkins.SYSTEM_READ);
        switch (exchange.rest().get(1)) {
            case "test" -> redirectToTest(exchange);
            case "testForReverseProxySetup" -> compare(exchange);
            default -> exchange.notFound();
        }
    }

    private static void redirectToTest(Exchange exchange) throws IOException {
        String root = Jenkins.get().getRootUrl();
        if (Boolean.parseBoolean(exchange.request().getParameter("testWithContext"))) {
            root += exchange.request().getContextPath().replaceFirst("^/(.+)", "$1/");
        }
        String referer = exchange.request().getReferer();
        exchange.redirect(root + "administrativeMonitor/" + ID + "/testForReverseProxySetup/"
                + (referer == null ? "NO-REFERER" : Util.rawEncode(referer)) + "/");
    }

    /**
     * The referer that a browser sent must begin with the address that the controller finds in this
     * request.
     */
    private static void compare(Exchange exchange) throws IOException {
        String asked = exchange.rest().size() > 2 ? exchange.rest().get(2) : "";
        String inferred = Jenkins.get().getRootUrlFromRequest() + "manage";
        if (asked.startsWith(inferred)) {
            exchange.response().setStatus(200);
        } else {
            exchange.error(404, inferred + " vs. " + asked);
        }
    }
}
