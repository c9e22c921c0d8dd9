package pulumi.jenkinsauth.testcontroller.http;

import hudson.Functions;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Behind all filters: finds the page of a path, after making sure that whoever asks may read the
 * controller.
 */
public final class JenkinsServlet extends HttpServlet {
    private final Pages pages = new Pages();

    @Override
    protected void service(HttpServletRequest http, HttpServletResponse response)
            throws IOException, ServletException {
        Application application = Application.of(getServletContext());
        if (application.failure() != null) {
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            String trace = Functions.printThrowable(application.failure());
            HtmlPage.write(response, "Error", "<pre>" + HtmlPage.escape(trace) + "</pre>");
        } else if (application.isLoading()) {
            StartingPage.write(response);
        } else {
            serve(new StaplerRequestImpl(http), response);
        }
    }

    private void serve(StaplerRequestImpl request, HttpServletResponse response)
            throws IOException, ServletException {
        StaplerRequestImpl outer = CurrentRequest.get();
        CurrentRequest.set(request);
        try {
            String path = request.getRestOfPath();
            if (!Jenkins.get().hasPermission(Jenkins.READ)
                    && Jenkins.get().isSubjectToMandatoryReadPermissionCheck(path)) {
                Jenkins.get().checkPermission(Jenkins.READ);
            }
            pages.serve(new Exchange(request, response, segments(path)));
        } finally {
            CurrentRequest.set(outer);
        }
    }

    /** Decodes each segment. A dot segment that only shows now is an error of the server, as in Jenkins. */
    private static List<String> segments(String path) throws ServletException {
        List<String> segments = Stream.of(path.split("/"))
                .filter(segment -> !segment.isEmpty())
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
        if (segments.contains(".") || segments.contains("..")) {
            throw new ServletException("Encoded dot segments");
        }
        return segments;
    }
}
