package pulumi.jenkinsauth.testcontroller.pages;

import jakarta.servlet.ServletException;
import java.io.IOException;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** Hands over to the realm, which may have pages of its own. */
public final class SecurityRealmPage implements Page {
    @Override
    public void serve(Exchange exchange) throws IOException, ServletException {
        String name = exchange.rest().isEmpty() ? "" : exchange.rest().get(0);
        if (!Jenkins.get().getSecurityRealm().serve(name, exchange.request(), exchange.response())) {
            exchange.notFound();
        }
    }
}
