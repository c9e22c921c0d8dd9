package pulumi.jenkinsauth.testcontroller.faults;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import pulumi.jenkinsauth.testcontroller.http.StartingPage;

/** The controller restarts: whatever is asked, it is getting ready to work. */
record Starting() implements Fault {
    @Override
    public String kind() {
        return "starting";
    }

    @Override
    public boolean serve(Handler controller, Request request, Response response, Callback callback) {
        answer(response, callback);
        return true;
    }

    static void answer(Response response, Callback callback) {
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
        response.getHeaders().put(HttpHeader.EXPIRES, "0");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache,no-store,must-revalidate");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
        Content.Sink.write(response, true, StartingPage.HTML, callback);
    }
}
