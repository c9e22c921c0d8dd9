package hudson.security;

import hudson.Functions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.access.AccessDeniedHandler;
import pulumi.jenkinsauth.testcontroller.http.HtmlPage;

/** Tells somebody who is logged in which permission is missing. */
public class AccessDeniedHandlerImpl implements AccessDeniedHandler {
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException cause)
            throws IOException {
        response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        if (cause instanceof AccessDeniedException3 denied) {
            denied.reportAsHeaders(response);
        }
        Functions.advertiseHeaders(response);
        HtmlPage.write(response, "Access Denied", "<p>" + HtmlPage.escape(cause.getMessage()) + "</p>");
    }
}
