package pulumi.jenkinsauth.testcontroller.pages;

import hudson.security.csrf.CrumbIssuer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import jenkins.model.Jenkins;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** Gives out crumbs; without a crumb issuer there is no such page. */
public final class CrumbIssuerPage implements Page {
    @Override
    public void serve(Exchange exchange) throws IOException {
        CrumbIssuer issuer = Jenkins.get().getCrumbIssuer();
        if (issuer == null || !exchange.wantsJson()) {
            exchange.notFound();
            return;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("_class", issuer.getClass().getName());
        answer.put("crumb", issuer.getCrumb(exchange.request()));
        answer.put("crumbRequestField", issuer.getCrumbRequestField());
        exchange.json(answer);
    }
}
