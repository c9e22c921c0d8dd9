package pulumi.jenkinsauth.testcontroller.http;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import hudson.Functions;
import hudson.security.Permission;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;

/**
 * A request on its way to a page, and the answer to it.
 *
 * @param rest the segments of the path that are still to be looked at, decoded
 */
public record Exchange(StaplerRequestImpl request, HttpServletResponse response, List<String> rest) {
    private static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    public boolean isPost() {
        return request.getMethod().equals("POST");
    }

    /** Whether the rest of the path asks for the API's JSON. */
    public boolean wantsJson() {
        return rest.equals(List.of("api", "json"));
    }

    public Exchange below(int segments) {
        return new Exchange(request, response, rest.subList(segments, rest.size()));
    }

    public void checkPermission(Permission permission) {
        Jenkins.get().checkPermission(permission);
    }

    public void json(Map<String, ?> value) throws IOException {
        Functions.advertiseHeaders(response);
        plainJson(value);
    }

    /** JSON that is not the API's: without the headers that say who answers. */
    public void plainJson(Map<String, ?> value) throws IOException {
        response.setContentType("application/json;charset=utf-8");
        response.getWriter().print(GSON.toJson(value));
    }

    public void page(String title, String body) throws IOException {
        Functions.advertiseHeaders(response);
        HtmlPage.write(response, title, body);
    }

    public void text(String text) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().print(text);
    }

    public void error(int status, String message) throws IOException {
        response.sendError(status, message);
    }

    public void notFound() throws IOException {
        error(HttpServletResponse.SC_NOT_FOUND, "Not Found");
    }

    public void redirect(String location) throws IOException {
        response.sendRedirect(location);
    }
}
