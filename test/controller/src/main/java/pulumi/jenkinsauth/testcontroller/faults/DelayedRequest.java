package pulumi.jenkinsauth.testcontroller.faults;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The request waits before it is carried out. */
record DelayedRequest(long milliseconds) implements Fault {
    @Override
    public String kind() {
        return "slow";
    }

    @Override
    public boolean serve(Handler controller, Request request, Response response, Callback callback)
            throws Exception {
        Thread.sleep(milliseconds);
        return controller.handle(request, response, callback);
    }
}
