package pulumi.jenkinsauth.testcontroller.faults;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The request is carried out at once; its answer waits. */
record DelayedAnswer(long milliseconds) implements Fault {
    @Override
    public String kind() {
        return "late";
    }

    @Override
    public boolean serve(Handler controller, Request request, Response response, Callback callback)
            throws Exception {
        return controller.handle(
                request,
                new Response.Wrapper(request, response) {
                    private boolean waited;

                    @Override
                    public void write(boolean last, ByteBuffer content, Callback written) {
                        if (!waited) {
                            waited = true;
                            pause();
                        }
                        super.write(last, content, written);
                    }
                },
                callback);
    }

    private void pause() {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
