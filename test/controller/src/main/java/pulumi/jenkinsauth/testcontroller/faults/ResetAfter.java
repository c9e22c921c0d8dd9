package pulumi.jenkinsauth.testcontroller.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The request is carried out; then the connection is reset instead of an answer. */
record ResetAfter() implements Fault {
    @Override
    public String kind() {
        return "resetAfter";
    }

    @Override
    public boolean serve(Handler controller, Request request, Response response, Callback callback)
            throws Exception {
        return controller.handle(
                request,
                new Response.Wrapper(request, response) {
                    @Override
                    public void write(boolean last, ByteBuffer content, Callback written) {
                        Connections.reset(request);
                        written.failed(new IOException("reset, as ordered"));
                    }
                },
                callback);
    }
}
