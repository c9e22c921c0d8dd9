package pulumi.jenkinsauth.testcontroller.pages;

import hudson.model.User;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Map;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** What administrators do beside running scripts. */
public final class ManagePages {
    private ManagePages() {}

    public static Map<String, Page> all() {
        return Map.of(
                "manage", ManagePages::manage,
                "me", ManagePages::me,
                "reload", ManagePages::reload,
                "health", ManagePages::health);
    }

    private static void manage(Exchange exchange) throws IOException {
        exchange.checkPermission(Jenkins.SYSTEM_READ);
        exchange.page("Manage Jenkins", "");
    }

    private static void me(Exchange exchange) throws IOException, ServletException {
        User current = User.current();
        if (current == null) {
            exchange.checkPermission(Jenkins.ADMINISTER);
        } else {
            new UserPage().serve(current, exchange);
        }
    }

    private static void reload(Exchange exchange) throws IOException {
        exchange.checkPermission(Jenkins.ADMINISTER);
        if (exchange.isPost()) {
            Jenkins.get().doReload();
            exchange.redirect(exchange.request().getContextPath() + "/");
        } else {
            exchange.error(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "POST is required");
        }
    }

    private static void health(Exchange exchange) throws IOException {
        exchange.plainJson(Map.of("status", true));
    }
}
