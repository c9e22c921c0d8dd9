package cf.pgmann.plugins.urlauth;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import hudson.security.SecurityRealm;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/** Somebody whom the other site knows. */
record SsoUser(String name, String displayName, String email) {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    /** Asks the target, for as long as it takes. Null if it does not answer, refuses, or names nobody. */
    static SsoUser ask(UrlSecurityRealm realm, String cookies) throws InterruptedIOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(realm.targetUrl)).header("Cookie", cookies)
                .build();
        try {
            HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? parse(realm, response.body()) : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    /** An answer that is no JSON is nobody's fault but the site's: it ends the request with an exception. */
    private static SsoUser parse(UrlSecurityRealm realm, String body) {
        JsonElement json = JsonParser.parseString(body);
        if (!json.isJsonObject()) {
            if (json.isJsonPrimitive() && !body.strip().matches("\".*\"|true|false|-?[0-9.eE+-]+")) {
                throw new IllegalStateException("The target did not answer JSON");
            }
            return null;
        }
        JsonObject answer = json.getAsJsonObject();
        String name = text(answer, realm.userNameKey);
        if (name == null) {
            return null;
        }
        String displayName = text(answer, realm.displayNameKey);
        String email = text(answer, realm.emailKey);
        return new SsoUser(name, displayName == null ? name : displayName, email == null ? "" : email);
    }

    private static String text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        boolean isText = value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
        return isText ? value.getAsString() : null;
    }

    Authentication authentication() {
        return new UsernamePasswordAuthenticationToken(name, "",
                List.of(SecurityRealm.AUTHENTICATED_AUTHORITY2));
    }
}
