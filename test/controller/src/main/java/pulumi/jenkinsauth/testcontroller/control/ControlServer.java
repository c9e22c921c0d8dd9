package pulumi.jenkinsauth.testcontroller.control;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hudson.Functions;
import hudson.security.ACLContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.Executors;
import pulumi.jenkinsauth.testcontroller.faults.FaultOrder;
import pulumi.jenkinsauth.testcontroller.faults.Faults;
import pulumi.jenkinsauth.testcontroller.log.RequestLog;
import pulumi.jenkinsauth.testcontroller.log.ScriptLog;
import pulumi.jenkinsauth.testcontroller.scripts.ScriptRun;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/**
 * What tests reach behind the controller's back: the logs, the faults, and Groovy. On a port of its own,
 * below a path that cannot be guessed, since it asks for no password.
 */
public final class ControlServer {
    private static final Gson GSON = new Gson();

    private final String path = "/" + UUID.randomUUID();
    private final HttpServer server;

    public ControlServer(RequestLog requests, ScriptLog scripts, Faults faults) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "control");
            thread.setDaemon(true);
            return thread;
        }));
        serve("GET", "/requests", body -> Answer.ok(GSON.toJson(requests.entries())));
        serve("GET", "/scripts", body -> Answer.ok(GSON.toJson(scripts.entries())));
        serve("POST", "/clear-log", body -> {
            requests.clear();
            scripts.clear();
            return Answer.ok("");
        });
        serve("POST", "/fault", body -> {
            faults.arm(GSON.fromJson(body, FaultOrder.class));
            return Answer.ok("");
        });
        serve("POST", "/clear-faults", body -> {
            faults.clear();
            return Answer.ok("");
        });
        serve("POST", "/groovy", ControlServer::groovy);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Runs a script as the controller itself; its printed text, and its value if it has one. */
    private static Answer groovy(String script) {
        try (ACLContext system = CurrentUser.become(CurrentUser.SYSTEM)) {
            ScriptRun run = ScriptRun.of(script);
            if (run.failure() != null) {
                return new Answer(500, run.printed() + Functions.printThrowable(run.failure()));
            }
            return Answer.ok(run.printed() + (run.value() == null ? "" : run.value()));
        }
    }

    private void serve(String method, String name, Operation operation) {
        server.createContext(path + name, exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                answer(exchange,
                        method.equals(exchange.getRequestMethod())
                                ? run(operation, body)
                                : Answer.NOT_ALLOWED);
            }
        });
    }

    private static Answer run(Operation operation, String body) {
        try {
            return operation.run(body);
        } catch (IllegalArgumentException | JsonSyntaxException e) {
            return new Answer(400, e.getMessage());
        }
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private interface Operation {
        Answer run(String body);
    }

    private record Answer(int status, String body) {
        static final Answer NOT_ALLOWED = new Answer(405, "");

        static Answer ok(String body) {
            return new Answer(200, body);
        }
    }
}
