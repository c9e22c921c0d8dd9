package pulumi.jenkinsauth.testcontroller.faults;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The moment before the controller is up in which it knows its realm but not yet its users: whatever
 * credentials are sent are refused, good ones too, and everything else is still getting ready, the login page
 * with it.
 */
record WarmingUp() implements Fault {
    @Override
    public String kind() {
        return "warmingUp";
    }

    @Override
    public boolean serve(Handler controller, Request request, Response response, Callback callback) {
        if (request.getHeaders().contains(HttpHeader.AUTHORIZATION)) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"Jenkins\"");
            Response.writeError(request, response, callback, HttpStatus.UNAUTHORIZED_401);
        } else {
            Starting.answer(response, callback);
        }
        return true;
    }
}
