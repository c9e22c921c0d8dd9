package pulumi.jenkinsauth.testcontroller.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The request is carried out; of the answer's body only the first half arrives, then the connection ends. */
record CutAnswer() implements Fault {
    @Override
    public String kind() {
        return "cut";
    }

    @Override
    public boolean serve(Handler controller, Request request, Response response, Callback callback)
            throws Exception {
        return controller.handle(request, new HalfOf(request, response), callback);
    }

    private static final class HalfOf extends Response.Wrapper {
        HalfOf(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback written) {
            int size = content == null ? 0 : content.remaining();
            if (last && !isCommitted() && !getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
                getHeaders().put(HttpHeader.CONTENT_LENGTH, size);
            }
            ByteBuffer half = size == 0 ? content : content.slice(content.position(), size / 2);
            super.write(false, half, Callback.from(() -> end(written), failure -> end(written)));
        }

        private void end(Callback written) {
            Connections.close(getRequest());
            written.failed(new IOException("cut off, as ordered"));
        }
    }
}
