package pulumi.jenkinsauth.testcontroller.http;

import jakarta.servlet.ServletException;
import java.io.IOException;

/** What answers below one first segment of the path. */
@FunctionalInterface
public interface Page {
    void serve(Exchange exchange) throws IOException, ServletException;
}
