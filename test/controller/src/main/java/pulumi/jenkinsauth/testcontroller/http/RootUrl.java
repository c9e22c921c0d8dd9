package pulumi.jenkinsauth.testcontroller.http;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The address of the controller as whoever sent a request sees it, which a proxy in front tells by
 * X-Forwarded-*.
 */
public final class RootUrl {
    private RootUrl() {}

    /**
     * Of several values of a header the first counts; the forwarded port wins over a port in the forwarded
     * host.
     */
    public static String of(HttpServletRequest request) {
        String scheme = forwarded(request, "X-Forwarded-Proto", request.getScheme());
        String host = forwarded(request, "X-Forwarded-Host", request.getServerName());
        int port = request.getServerPort();
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && !host.endsWith("]")) {
            port = number(host.substring(colon + 1), port);
            host = host.substring(0, colon);
        }
        port = number(forwarded(request, "X-Forwarded-Port", ""), port);
        boolean usual = port == (scheme.equals("https") ? 443 : 80);
        return scheme + "://" + host + (usual ? "" : ":" + port) + request.getContextPath() + "/";
    }

    private static String forwarded(HttpServletRequest request, String header, String otherwise) {
        String value = request.getHeader(header);
        return value == null ? otherwise : value.split(",", 2)[0].trim();
    }

    private static int number(String text, int otherwise) {
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : otherwise;
    }
}
