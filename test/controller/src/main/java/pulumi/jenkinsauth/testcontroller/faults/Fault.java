package pulumi.jenkinsauth.testcontroller.faults;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Something that goes wrong with a request. */
public interface Fault {
    String kind();

    /** Serves the request in place of the controller, which may still be asked. */
    boolean serve(Handler controller, Request request, Response response, Callback callback) throws Exception;
}
