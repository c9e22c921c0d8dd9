package pulumi.jenkinsauth.testcontroller.pages;

import hudson.Functions;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.HtmlPage;
import pulumi.jenkinsauth.testcontroller.http.Page;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;

/** Who the request is taken for; as a page, also which headers it had. */
public final class WhoAmIPage implements Page {
    private static final Set<String> REDACTED = Set.of("cookie", "authorization", "www-authenticate",
            "proxy-authenticate", "proxy-authorization");

    @Override
    public void serve(Exchange exchange) throws IOException {
        Authentication authentication = CurrentUser.get();
        List<String> authorities = authoritiesOf(authentication);
        if (exchange.wantsJson()) {
            exchange.json(json(authentication, authorities));
        } else if (exchange.rest().isEmpty()) {
            exchange.page(
                    "Who Am I?",
                    "<p>Name: " + HtmlPage.escape(authentication.getName()) + "</p><p>IsAuthenticated?: "
                            + authentication.isAuthenticated() + "</p><p>Authorities: "
                            + HtmlPage.escape(authorities.toString()) + "</p>" + headers(exchange));
        } else {
            exchange.notFound();
        }
    }

    private static List<String> authoritiesOf(Authentication authentication) {
        // Cores of that time grant an unauthenticated request an authority without a name.
        if (Functions.isAnonymous() && Core.hasTokenStore() && !Core.version().atLeast("2.266")) {
            return List.of("");
        }
        return authentication.getAuthorities().stream().map(GrantedAuthority::getAuthority).toList();
    }

    private static Map<String, Object> json(Authentication authentication, List<String> authorities) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("_class", "hudson.security.WhoAmI");
        answer.put("anonymous", Functions.isAnonymous());
        answer.put("authenticated", authentication.isAuthenticated());
        answer.put("authorities", authorities);
        // Cores of that time told the session's id here.
        boolean tellsDetails = !Core.version().atLeast("2.176.2");
        if (tellsDetails) {
            answer.put("details", String.valueOf(authentication.getDetails()));
        }
        answer.put("name", authentication.getName());
        if (tellsDetails) {
            answer.put("toString", authentication.toString());
        }
        return answer;
    }

    private static String headers(Exchange exchange) {
        StringBuilder table = new StringBuilder("<h2>Request Headers</h2><table>");
        for (String name : Collections.list(exchange.request().getHeaderNames())) {
            List<String> values = REDACTED.contains(name.toLowerCase(Locale.ENGLISH))
                    ? List.of("(redacted for security reasons)")
                    : Collections.list(exchange.request().getHeaders(name));
            for (String value : values) {
                table.append("<tr><td>").append(HtmlPage.escape(name)).append("</td><td>");
                table.append(HtmlPage.escape(value)).append("</td></tr>");
            }
        }
        return table.append("</table>").toString();
    }
}
