package pulumi.jenkinsauth.testcontroller.faults;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import pulumi.jenkinsauth.testcontroller.Core;

/**
 * A whole start from the opening of the port on, in the steps in which live controllers were seen to take it.
 * Its length is given by when it begins and ends, in milliseconds of a monotonic clock.
 */
record Restarting(long begin, long end) implements Fault {
    private static final String CRUMB_FILTER =
            "java.lang.AssertionError: class hudson.security.csrf.DefaultCrumbIssuer is missing its descriptor";

    /** What is answered until this part of the start is over. */
    private record Step(double until, Answer answer) {}

    private enum Answer {
        STARTING, UNDESCRIBED, REFUSED, NO_CRUMB, HANGING
    }

    private static final List<Step> POSTS = List.of(
            new Step(0.6, Answer.UNDESCRIBED), new Step(0.8, Answer.STARTING), new Step(1, Answer.HANGING));
    private static final List<Step> POSTS_ON_OLDER_CORES = List.of(
            new Step(0.3, Answer.STARTING), new Step(0.6, Answer.NO_CRUMB), new Step(1, Answer.STARTING));
    private static final List<Step> WITH_CREDENTIALS = List.of(
            new Step(0.3, Answer.STARTING), new Step(0.6, Answer.REFUSED), new Step(1, Answer.STARTING));
    private static final List<Step> OTHERS = List.of(new Step(1, Answer.STARTING));

    static Restarting lasting(long milliseconds) {
        return new Restarting(now(), now() + milliseconds);
    }

    @Override
    public String kind() {
        return "restarting";
    }

    @Override
    public boolean serve(Handler controller, Request request, Response response, Callback callback)
            throws Exception {
        double part = (double) (now() - begin) / (end - begin);
        Answer answer = stepsFor(request).stream()
                .filter(step -> part < step.until)
                .findFirst()
                .map(Step::answer)
                .orElse(null);
        if (answer == null) {
            return controller.handle(request, response, callback);
        }
        switch (answer) {
            case STARTING -> Starting.answer(response, callback);
            case UNDESCRIBED -> answer(response, callback, 500, CRUMB_FILTER);
            case NO_CRUMB -> answer(response, callback, 403, "No valid crumb was included in the request");
            case REFUSED -> {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"Jenkins\"");
                Response.writeError(request, response, callback, HttpStatus.UNAUTHORIZED_401);
            }
            case HANGING -> {
                Thread.sleep(Math.max(0, end - now()) + 100);
                response.getHeaders().put("X-Jenkins", Core.version().text());
                answer(response, callback, 500, "<h1>Oops!</h1><h2>A problem occurred while processing the request</h2>");
            }
        }
        return true;
    }

    private static List<Step> stepsFor(Request request) {
        if (request.getMethod().equals("POST")) {
            return Core.hasTokenStore() ? POSTS : POSTS_ON_OLDER_CORES;
        }
        boolean open = request.getHttpURI().getPath().endsWith("/login");
        return open || !request.getHeaders().contains(HttpHeader.AUTHORIZATION) ? OTHERS : WITH_CREDENTIALS;
    }

    private static void answer(Response response, Callback callback, int status, String text) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
        Content.Sink.write(response, true, "<!DOCTYPE html><html><body>" + text + "</body></html>", callback);
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
