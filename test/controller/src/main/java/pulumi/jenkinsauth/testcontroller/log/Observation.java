package pulumi.jenkinsauth.testcontroller.log;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import pulumi.jenkinsauth.testcontroller.http.AuthenticatedUserFilter;

/** A request while it is served; becomes an entry of the log once. */
public final class Observation {
    private final Request request;
    private final RequestLog log;
    private final String fault;
    private final Instant time = Instant.now();
    private final long start = System.nanoTime();
    private final AtomicBoolean recorded = new AtomicBoolean();
    private long bytesOut;

    Observation(Request request, RequestLog log, String fault) {
        this.request = request;
        this.log = log;
        this.fault = fault;
    }

    void sent(long bytes) {
        bytesOut += bytes;
    }

    /** Before the last byte is sent, so that who has the whole answer finds its request in the log. */
    void record(int status) {
        if (recorded.compareAndSet(false, true)) {
            log.add(new RequestEntry(
                    time.toString(),
                    request.getMethod(),
                    request.getHttpURI().getPathQuery(),
                    status,
                    (String) request.getAttribute(AuthenticatedUserFilter.USER),
                    request.getConnectionMetaData().getId(),
                    Request.getContentBytesRead(request),
                    bytesOut,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    request.getHeaders().stream().map(HttpField::getName).toList(),
                    forwarded(),
                    fault));
        }
    }

    private Map<String, List<String>> forwarded() {
        Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (HttpField field : request.getHeaders()) {
            if (field.getName().toLowerCase().matches("x.forwarded.*")) {
                values.computeIfAbsent(field.getName(), request.getHeaders()::getValuesList);
            }
        }
        return values;
    }
}
