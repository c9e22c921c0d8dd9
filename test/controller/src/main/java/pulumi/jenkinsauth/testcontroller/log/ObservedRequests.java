package pulumi.jenkinsauth.testcontroller.log;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import pulumi.jenkinsauth.testcontroller.faults.Fault;
import pulumi.jenkinsauth.testcontroller.faults.Faults;

/**
 * Sees every request first and every answer last: notes them down, and lets them meet the faults that are
 * set.
 */
public final class ObservedRequests extends Handler.Wrapper {
    private final RequestLog log;
    private final Faults faults;

    public ObservedRequests(RequestLog log, Faults faults) {
        this.log = log;
        this.faults = faults;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Fault fault = faults.meeting(request);
        Observation observation = new Observation(request, log, fault == null ? null : fault.kind());
        Request.addCompletionListener(request,
                failure -> observation.record(failure == null ? response.getStatus() : 0));
        Response observed = new ObservedResponse(request, response, observation);
        if (fault == null) {
            return super.handle(request, observed, callback);
        }
        return fault.serve(getHandler(), request, observed, callback);
    }
}
