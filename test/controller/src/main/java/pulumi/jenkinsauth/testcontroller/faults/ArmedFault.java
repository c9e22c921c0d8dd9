package pulumi.jenkinsauth.testcontroller.faults;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;

/** A fault, and which requests are to meet it. */
final class ArmedFault {
    private final FaultOrder order;
    private final Fault fault;
    private final Pattern path;
    private final long start = System.nanoTime();
    private int matches;

    ArmedFault(FaultOrder order, Fault fault) {
        this.order = order;
        this.fault = fault;
        this.path = order.path() == null ? null : Pattern.compile(order.path());
    }

    /** The fault, if it is this request's turn to meet it. */
    synchronized Fault meeting(Request request) {
        if (isOver() || !matches(request)) {
            return null;
        }
        int before = order.after() == null ? 0 : order.after();
        int number = ++matches;
        boolean isDue = number > before && (order.times() == null || number <= before + order.times());
        return isDue ? fault : null;
    }

    private boolean isOver() {
        long age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return order.lasting() != null && age > order.lasting();
    }

    private boolean matches(Request request) {
        return (order.method() == null || order.method().equals(request.getMethod()))
                && (path == null || path.matcher(request.getHttpURI().getPathQuery()).find());
    }
}
