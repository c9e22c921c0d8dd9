package pulumi.jenkinsauth.testcontroller.faults;

import java.io.IOException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The connection is reset before the request is carried out. */
record ResetBefore() implements Fault {
    @Override
    public String kind() {
        return "resetBefore";
    }

    @Override
    public boolean serve(Handler controller, Request request, Response response, Callback callback) {
        Connections.reset(request);
        callback.failed(new IOException("reset, as ordered"));
        return true;
    }
}
