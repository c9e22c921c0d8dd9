package pulumi.jenkinsauth.testcontroller.pages;

import hudson.util.RemotingDiagnostics;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.HtmlPage;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** The script console: for programs as text, for people as a page. */
public final class ScriptPages {
    private ScriptPages() {}

    public static Map<String, Page> all() {
        return Map.of("scriptText", ScriptPages::text, "script", ScriptPages::page);
    }

    private static void text(Exchange exchange) throws IOException {
        String output = run(exchange);
        if (output != null) {
            exchange.text(output);
        }
    }

    private static void page(Exchange exchange) throws IOException {
        String output = run(exchange);
        if (output != null) {
            exchange.page("Script Console", "<pre>" + HtmlPage.escape(output) + "</pre>");
        }
    }

    /** The output of the script, empty without one; null if the request was refused. */
    private static String run(Exchange exchange) throws IOException {
        exchange.checkPermission(Jenkins.ADMINISTER);
        String script = exchange.request().getParameter("script");
        if (script == null) {
            return "";
        }
        if (!exchange.isPost()) {
            exchange.error(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "requires POST");
            return null;
        }
        return RemotingDiagnostics.executeGroovy(script);
    }
}
