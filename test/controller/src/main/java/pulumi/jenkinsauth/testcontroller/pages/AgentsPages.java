package pulumi.jenkinsauth.testcontroller.pages;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.Page;

/**
 * The places that agents and the command line go to, which must be open in any proxy. They do no work
 * here.
 */
public final class AgentsPages {
    private AgentsPages() {}

    public static Map<String, Page> all() {
        return Map.of(
                "cli", AgentsPages::cli,
                "wsagents", AgentsPages::webSocketAgents,
                "tcpSlaveAgentListener", AgentsPages::tcpAgents);
    }

    private static void cli(Exchange exchange) throws IOException {
        if (!exchange.rest().isEmpty()) {
            exchange.notFound();
        } else if (exchange.isPost()) {
            exchange.error(HttpServletResponse.SC_FORBIDDEN, "No command line here");
        } else {
            exchange.checkPermission(Jenkins.READ);
            exchange.page("Jenkins CLI", "");
        }
    }

    private static void webSocketAgents(Exchange exchange) throws IOException {
        exchange.error(
                HttpServletResponse.SC_BAD_REQUEST,
                "This endpoint is only for use from agent.jar in WebSocket mode");
    }

    /** There is no port for agents, as after an installation. */
    private static void tcpAgents(Exchange exchange) throws IOException {
        exchange.notFound();
    }
}
