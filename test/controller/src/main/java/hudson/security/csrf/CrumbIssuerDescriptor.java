package hudson.security.csrf;

import hudson.model.Descriptor;
import jenkins.security.HMACConfidentialKey;

/** Under which name crumbs are sent, and what they are salted with. */
public class CrumbIssuerDescriptor<T extends CrumbIssuer> extends Descriptor<CrumbIssuer> {
    private static final HMACConfidentialKey SALT = new HMACConfidentialKey(CrumbIssuer.class, "crumbSalt",
            16);

    protected CrumbIssuerDescriptor(Class<T> type) {
        super(type);
    }

    public String getCrumbRequestField() {
        return "Jenkins-Crumb";
    }

    public String getCrumbSalt() {
        return SALT.mac("salt");
    }
}
