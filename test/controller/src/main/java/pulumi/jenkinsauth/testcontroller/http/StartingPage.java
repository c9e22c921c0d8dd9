package pulumi.jenkinsauth.testcontroller.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What every path answers until the controller is up: a 503 that does not say it is Jenkins in any
 * header.
 */
public final class StartingPage {
    public static final String HTML = "<!DOCTYPE html><html lang=\"en\"><head><title>Starting Jenkins</title>"
            + "<meta name=\"ROBOTS\" content=\"NOFOLLOW\"></head><body>"
            + "<h1 class=\"loading\">Please wait while Jenkins is getting ready to work</h1>"
            + "<p class=\"restarting\">Your browser will reload automatically when Jenkins is ready</p>"
            + "</body></html>";

    private StartingPage() {}

    static void write(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setHeader("Expires", "0");
        response.setHeader("Cache-Control", "no-cache,no-store,must-revalidate");
        response.setContentType("text/html;charset=UTF-8");
        response.getWriter().print(HTML);
    }
}
