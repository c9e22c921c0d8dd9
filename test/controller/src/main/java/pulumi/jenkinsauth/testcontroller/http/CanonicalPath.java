package pulumi.jenkinsauth.testcontroller.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;

/** Where a request goes: the path below the context path, as Stapler reads it. */
public final class CanonicalPath {
    private CanonicalPath() {}

    /**
     * Dot segments are resolved here, in the controller, and empty ones dropped; percent signs stay. A proxy
     * in front that looks at the raw path sees another one: {@code /wsagents/../script} is
     * {@code /script}.
     */
    public static String of(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/+")) {
            if (segment.equals("..")) {
                if (!segments.isEmpty()) {
                    segments.remove(segments.size() - 1);
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        String joined = "/" + String.join("/", segments);
        return path.endsWith("/") && !segments.isEmpty() ? joined + "/" : joined;
    }
}
