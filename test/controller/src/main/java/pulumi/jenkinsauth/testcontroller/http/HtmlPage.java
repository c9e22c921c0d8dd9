package pulumi.jenkinsauth.testcontroller.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A plain page. */
public final class HtmlPage {
    private HtmlPage() {}

    public static void write(HttpServletResponse response, String title, String body) throws IOException {
        response.setContentType("text/html;charset=utf-8");
        response.getWriter()
                .println("<!DOCTYPE html><html><head><title>" + escape(title) + " - Jenkins</title></head>"
                        + "<body><h1>" + escape(title) + "</h1>" + body + "</body></html>");
    }

    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#039;");
    }
}
