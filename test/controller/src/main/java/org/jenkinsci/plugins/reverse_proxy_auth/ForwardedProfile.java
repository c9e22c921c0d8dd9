package org.jenkinsci.plugins.reverse_proxy_auth;

import hudson.model.User;
import hudson.tasks.Mailer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** The user's name and address, from headers of their own; versions before 1.8 know of none. */
final class ForwardedProfile {
    /**
     * What Apache sends for a variable that is not set: no value here, though it is one for the user's
     * id.
     */
    private static final String UNSET = "(null)";

    private ForwardedProfile() {}

    static void update(User user, ReverseProxySecurityRealm realm, HttpServletRequest request)
            throws IOException {
        String displayName = value(realm, "forwardedDisplayName", request);
        if (displayName != null && !displayName.equals(user.getFullName())) {
            user.setFullName(displayName);
            user.save();
        }
        String address = value(realm, "forwardedEmail", request);
        Mailer.UserProperty mail = user.getProperty(Mailer.UserProperty.class);
        if (address != null && (mail == null || !address.equals(mail.getConfiguredAddress()))) {
            user.addProperty(new Mailer.UserProperty(address));
        }
    }

    /** The value of the header that a field of the realm names, if this version has the field. */
    private static String value(ReverseProxySecurityRealm realm, String field, HttpServletRequest request) {
        String header = realm.ofVersion(field);
        String value = header == null ? null : request.getHeader(header);
        return UNSET.equals(value) ? null : value;
    }
}
