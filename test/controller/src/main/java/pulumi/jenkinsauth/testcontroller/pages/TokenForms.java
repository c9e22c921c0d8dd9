package pulumi.jenkinsauth.testcontroller.pages;

import hudson.Util;
import hudson.model.User;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.security.ApiTokenProperty;
import jenkins.security.apitoken.TokenUuidAndPlainValue;
import pulumi.jenkinsauth.testcontroller.http.Exchange;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/**
 * What the page of a user's tokens posts. Making tokens is for the user alone, not even for an
 * administrator.
 */
@Since("2.129")
final class TokenForms {
    private TokenForms() {}

    static void serve(User user, Exchange exchange) throws IOException {
        if (!exchange.isPost()) {
            exchange.error(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "POST is required");
            return;
        }
        ApiTokenProperty tokens = user.getProperty(ApiTokenProperty.class);
        switch (exchange.rest().get(0)) {
            case "generateNewToken" -> generate(user, tokens, exchange);
            case "addFixedToken" -> addFixed(user, tokens, exchange);
            case "revoke", "revokeAll", "revokeAllExcept" -> revoke(user, tokens, exchange);
            default -> exchange.notFound();
        }
    }

    private static void generate(User user, ApiTokenProperty tokens, Exchange exchange) throws IOException {
        if (isSomebodyElse(user)) {
            exchange.error(HttpServletResponse.SC_FORBIDDEN, "Forbidden");
            return;
        }
        String name = name(exchange);
        TokenUuidAndPlainValue token = tokens.generateNewToken(name, lastDay(exchange));
        answer(exchange,
                Map.of("tokenUuid", token.tokenUuid, "tokenName", name, "tokenValue", token.plainValue));
    }

    private static void addFixed(User user, ApiTokenProperty tokens, Exchange exchange) throws IOException {
        if (isSomebodyElse(user)) {
            exchange.error(HttpServletResponse.SC_FORBIDDEN, "Forbidden");
            return;
        }
        String name = name(exchange);
        String value = Util.fixNull(exchange.request().getParameter("newTokenPlainValue"));
        String uuid = tokens.addFixedNewToken(name, value, lastDay(exchange));
        answer(exchange, Map.of("tokenUuid", uuid, "tokenName", name));
    }

    private static void revoke(User user, ApiTokenProperty tokens, Exchange exchange) throws IOException {
        user.checkPermission(Jenkins.ADMINISTER);
        String uuid = Util.fixEmpty(exchange.request().getParameter("tokenUuid"));
        String form = exchange.rest().get(0);
        if (form.equals("revokeAll")) {
            tokens.revokeAllTokens();
        } else if (uuid == null) {
            exchange.error(HttpServletResponse.SC_BAD_REQUEST, "The tokenUuid cannot be empty");
        } else if (form.equals("revokeAllExcept")) {
            tokens.revokeAllTokensExceptOne(uuid);
        } else {
            tokens.revokeToken(uuid);
        }
    }

    private static boolean isSomebodyElse(User user) {
        return !User.idStrategy().equals(user.getId(), CurrentUser.get().getName());
    }

    private static String name(Exchange exchange) {
        String name = Util.fixEmptyAndTrim(exchange.request().getParameter("newTokenName"));
        return name != null
                ? name
                : "Token created on " + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(ZonedDateTime.now());
    }

    private static LocalDate lastDay(Exchange exchange) {
        String duration = Util.fixNull(exchange.request().getParameter("expirationDuration")).trim();
        return switch (duration) {
            case "", "never" -> null;
            case "custom" -> LocalDate.parse(exchange.request().getParameter("tokenExpiration"));
            default -> LocalDate.now().plusDays(Integer.parseInt(duration));
        };
    }

    private static void answer(Exchange exchange, Map<String, String> data) throws IOException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", "ok");
        answer.put("data", data);
        exchange.plainJson(answer);
    }
}
