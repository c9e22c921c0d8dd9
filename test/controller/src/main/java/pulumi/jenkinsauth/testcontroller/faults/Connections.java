package pulumi.jenkinsauth.testcontroller.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;

/** Ends connections in ways that HTTP does not foresee. */
final class Connections {
    private Connections() {}

    /** Resets the connection: a socket that does not linger answers whatever is still to come by RST. */
    static void reset(Request request) {
        EndPoint endPoint = endPoint(request);
        SocketChannel channel = ((SocketChannelEndPoint) endPoint).getChannel();
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        endPoint.close(new IOException("reset, as ordered"));
    }

    /** Ends the connection where it is. */
    static void close(Request request) {
        endPoint(request).close(new IOException("closed, as ordered"));
    }

    private static EndPoint endPoint(Request request) {
        return request.getConnectionMetaData().getConnection().getEndPoint();
    }
}
