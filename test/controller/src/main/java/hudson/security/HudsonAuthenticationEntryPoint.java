package hudson.security;

import hudson.Functions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/** Sends anonymous to the login page, by a page of its own: programs see a 403, and never a challenge. */
public class HudsonAuthenticationEntryPoint implements AuthenticationEntryPoint {
    private final String loginPath;

    public HudsonAuthenticationEntryPoint(String loginPath) {
        this.loginPath = loginPath;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response,
            AuthenticationException reason)
            throws IOException {
        if ("XMLHttpRequest".equals(request.getHeader("X-Requested-With"))) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        String query = request.getQueryString();
        String from = request.getRequestURI() + (query == null || query.isEmpty() ? "" : "?" + query);
        String login = request.getContextPath() + loginPath + "?from="
                + URLEncoder.encode(from, StandardCharsets.UTF_8);
        response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        response.setContentType("text/html;charset=UTF-8");
        Functions.advertiseHeaders(response);
        AccessDeniedException3 denied = reason.getCause() instanceof AccessDeniedException3 cause
                ? cause
                : null;
        if (denied != null) {
            denied.reportAsHeaders(response);
        }
        PrintWriter page = response.getWriter();
        page.println("<html><head><meta http-equiv='refresh' content='1;url=" + login + "'/></head>"
                + "<body style='background-color:white; color:white;'>");
        page.println("Authentication required");
        page.println("<!--");
        if (denied != null) {
            denied.report(page);
        }
        page.println("-->");
        page.println("</body></html>");
    }
}
