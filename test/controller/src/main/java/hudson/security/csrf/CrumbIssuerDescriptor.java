package hudson.security.csrf;

import hudson.model.Descriptor;
import jenkins.security.HMACConfidentialKey;
import pulumi.jenkinsauth.testcontroller.Core;

/** Under which name crumbs are sent, and what they are salted with. */
public class CrumbIssuerDescriptor<T extends CrumbIssuer> extends Descriptor<CrumbIssuer> {
    private static final HMACConfidentialKey SALT = new HMACConfidentialKey(CrumbIssuer.class, "crumbSalt",
            16);

    protected CrumbIssuerDescriptor(Class<T> type) {
        super(type);
    }

    public String getCrumbRequestField() {
        return Core.version().atLeast("2.0") ? "Jenkins-Crumb" : ".crumb";
    }

    public String getCrumbSalt() {
        return SALT.mac("salt");
    }
}
