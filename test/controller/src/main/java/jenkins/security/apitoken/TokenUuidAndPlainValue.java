package jenkins.security.apitoken;

import java.time.LocalDate;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** A new token, at the one moment when its value is known. */
@Since("2.129")
public class TokenUuidAndPlainValue {
    public final String tokenUuid;
    public final String plainValue;

    @Since("2.548")
    public LocalDate expirationDate;

    @Since("2.548")
    public boolean aboutToExpire;

    TokenUuidAndPlainValue(String tokenUuid, String plainValue, LocalDate expirationDate,
            boolean aboutToExpire) {
        this.tokenUuid = tokenUuid;
        this.plainValue = plainValue;
        if (Core.expiresTokens()) {
            this.expirationDate = expirationDate;
            this.aboutToExpire = aboutToExpire;
        }
    }
}
