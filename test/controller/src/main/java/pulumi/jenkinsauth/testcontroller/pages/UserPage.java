package pulumi.jenkinsauth.testcontroller.pages;

import hudson.model.User;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.http.Page;

/** A user: to look at, and by the forms of the page of tokens. */
public final class UserPage implements Page {
    private static final String TOKENS = "jenkins.security.ApiTokenProperty";

    @Override
    public void serve(Exchange exchange) throws IOException, ServletException {
        User user = exchange.rest().isEmpty() ? null : User.getById(exchange.rest().get(0), false);
        if (user == null) {
            exchange.notFound();
        } else {
            serve(user, exchange.below(1));
        }
    }

    /** @param exchange whose rest of the path is below the user */
    void serve(User user, Exchange exchange) throws IOException, ServletException {
        List<String> rest = exchange.rest();
        boolean form = rest.size() == 3 && rest.get(0).equals("descriptorByName")
                && rest.get(1).equals(TOKENS);
        if (form && Core.hasTokenStore()) {
            TokenForms.serve(user, exchange.below(2));
        } else if (exchange.wantsJson()) {
            exchange.json(describe(user));
        } else if (rest.isEmpty()) {
            exchange.page(user.getFullName(), "");
        } else {
            exchange.notFound();
        }
    }

    private static Map<String, Object> describe(User user) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("_class", "hudson.model.User");
        answer.put("absoluteUrl", user.getAbsoluteUrl());
        answer.put("description", user.getDescription());
        answer.put("fullName", user.getFullName());
        answer.put("id", user.getId());
        answer.put(
                "property",
                user.getAllProperties().stream()
                        .map(property -> Map.of("_class", property.getClass().getName()))
                        .toList());
        return answer;
    }
}
