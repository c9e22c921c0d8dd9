package pulumi.jenkinsauth.testcontroller.log;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Counts what is sent, and notes the request down when it is all. */
final class ObservedResponse extends Response.Wrapper {
    private final Observation observation;

    ObservedResponse(Request request, Response response, Observation observation) {
        super(request, response);
        this.observation = observation;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        observation.sent(content == null ? 0 : content.remaining());
        if (last) {
            observation.record(getStatus());
        }
        super.write(last, content, callback);
    }
}
