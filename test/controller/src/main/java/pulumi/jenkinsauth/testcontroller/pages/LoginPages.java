package pulumi.jenkinsauth.testcontroller.pages;

import hudson.security.SecurityRealm;
import hudson.security.csrf.CrumbIssuer;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.HtmlPage;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** Logging in by a form, logging out, signing up: open to everybody. */
public final class LoginPages {
    private LoginPages() {}

    public static Map<String, Page> all() {
        return Map.of(
                "login", LoginPages::login,
                "loginError", LoginPages::loginError,
                "logout", LoginPages::logout,
                "signup", LoginPages::signup);
    }

    private static void login(Exchange exchange) throws IOException {
        exchange.request().getSession();
        exchange.page("Sign in to Jenkins", form(exchange));
    }

    private static void loginError(Exchange exchange) throws IOException {
        exchange.response().setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        exchange.page("Sign in to Jenkins", "<p>Invalid username or password</p>" + form(exchange));
    }

    private static String form(Exchange exchange) {
        SecurityRealm realm = Jenkins.get().getSecurityRealm();
        CrumbIssuer issuer = Jenkins.get().getCrumbIssuer();
        String from = exchange.request().getParameter("from");
        return "<form method=\"post\" action=\"" + realm.getAuthenticationGatewayUrl() + "\">"
                + "<input name=\"j_username\"><input name=\"j_password\" type=\"password\">"
                + hidden("from", from == null ? "" : from)
                + (issuer == null
                        ? ""
                        : hidden(issuer.getCrumbRequestField(), issuer.getCrumb(exchange.request())))
                + "<button>Sign in</button></form>";
    }

    private static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + HtmlPage.escape(value) + "\">";
    }

    private static void logout(Exchange exchange) throws IOException {
        Jenkins.get().getSecurityRealm().doLogout(exchange.request(), exchange.response());
    }

    private static void signup(Exchange exchange) throws IOException {
        if (Jenkins.get().getSecurityRealm().allowsSignup()) {
            exchange.page("Create an account",
                    "<form method=\"post\" action=\"securityRealm/createAccount\"></form>");
        } else {
            exchange.notFound();
        }
    }
}
