package jenkins.security;

import hudson.Util;
import hudson.model.User;
import hudson.model.UserProperty;
import hudson.model.UserPropertyDescriptor;
import hudson.security.ACL;
import hudson.util.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.LocalDate;
import jenkins.model.Jenkins;
import jenkins.security.apitoken.ApiTokenPropertyConfiguration;
import jenkins.security.apitoken.ApiTokenStats;
import jenkins.security.apitoken.ApiTokenStore;
import jenkins.security.apitoken.TokenUuidAndPlainValue;
import org.kohsuke.stapler.DataBoundConstructor;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/**
 * A user's API tokens. Before 2.129 there is one, MD5 of the seed in {@link #apiToken}. Since then logins
 * ask the token store, and the seed is what is left of the legacy token: setting it changes what this
 * answers, and logs nobody in.
 */
public class ApiTokenProperty extends UserProperty {
    static final HMACConfidentialKey API_KEY_SEED = new HMACConfidentialKey(ApiTokenProperty.class, "seed",
            16);

    private static final SecureRandom RANDOM = new SecureRandom();

    private volatile Secret apiToken;

    @Since("2.129")
    private ApiTokenStore tokenStore;

    @Since("2.129")
    private transient ApiTokenStats tokenStats;

    @DataBoundConstructor
    public ApiTokenProperty() {
        if (!Core.hasTokenStore()) {
            makeRandomSeed();
        }
    }

    ApiTokenProperty(String seed) {
        if (seed != null) {
            apiToken = Secret.fromString(seed);
        }
    }

    @Override
    protected void setUser(User user) {
        super.setUser(user);
        if (Core.hasTokenStore()) {
            completeStore();
        }
    }

    @Since("2.129")
    private void completeStore() {
        if (tokenStore == null) {
            tokenStore = new ApiTokenStore();
        }
        if (tokenStats == null) {
            tokenStats = ApiTokenStats.load(user);
        }
        if (apiToken != null) {
            tokenStore.regenerateTokenFromLegacyIfRequired(apiToken);
        }
    }

    public String getApiToken() {
        User current = User.current();
        boolean mayBeSeen = current != null
                && (CurrentUser.get().equals(ACL.SYSTEM2)
                        || User.idStrategy().equals(user.getId(), current.getId()));
        return mayBeSeen ? getApiTokenInsecure() : "Token is hidden";
    }

    String getApiTokenInsecure() {
        return apiToken == null
                ? "This user currently does not have a legacy token"
                : Util.getDigestOf(apiToken.getPlainText());
    }

    @Since("2.129")
    public boolean hasLegacyToken() {
        return apiToken != null;
    }

    public boolean matchesPassword(String password) {
        if (Core.hasTokenStore()) {
            return matchesStoredToken(password);
        }
        return MessageDigest.isEqual(ascii(password), ascii(getApiTokenInsecure()));
    }

    @Since("2.129")
    private boolean matchesStoredToken(String password) {
        ApiTokenStore.HashedToken token = password == null || password.isBlank()
                ? null
                : tokenStore.findMatchingToken(password);
        if (token != null) {
            tokenStats.updateUsageForId(token.getUuid());
        }
        return token != null;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Makes a new random seed, and of it the token. */
    public void changeApiToken() throws IOException {
        user.checkPermission(Jenkins.ADMINISTER);
        makeRandomSeed();
        if (Core.hasTokenStore()) {
            replaceLegacyToken();
        }
        user.save();
    }

    private void makeRandomSeed() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        apiToken = Secret.fromString(Util.toHexString(random));
    }

    @Since("2.129")
    private void replaceLegacyToken() {
        ApiTokenStore.HashedToken before = tokenStore.getLegacyToken();
        tokenStore.regenerateTokenFromLegacy(apiToken);
        if (before != null) {
            tokenStats.removeId(before.getUuid());
        }
    }

    /** Forgets the seed; the legacy token in the store goes on working. */
    @Since("2.129")
    public void deleteApiToken() {
        apiToken = null;
    }

    @Since("2.129")
    public ApiTokenStore getTokenStore() {
        return tokenStore;
    }

    @Since("2.129")
    public ApiTokenStats getTokenStats() {
        return tokenStats;
    }

    @Since("2.260")
    public String addFixedNewToken(String name, String value) throws IOException {
        String uuid = tokenStore.addFixedNewToken(name, value);
        user.save();
        return uuid;
    }

    @Since("2.548")
    public String addFixedNewToken(String name, String value, LocalDate lastDay) throws IOException {
        String uuid = tokenStore.addFixedNewToken(name, value, lastDay);
        user.save();
        return uuid;
    }

    @Since("2.260")
    public TokenUuidAndPlainValue generateNewToken(String name) throws IOException {
        TokenUuidAndPlainValue token = tokenStore.generateNewToken(name);
        user.save();
        return token;
    }

    @Since("2.548")
    public TokenUuidAndPlainValue generateNewToken(String name, LocalDate lastDay) throws IOException {
        TokenUuidAndPlainValue token = tokenStore.generateNewToken(name, lastDay);
        user.save();
        return token;
    }

    @Since("2.260")
    public void revokeToken(String uuid) throws IOException {
        ApiTokenStore.HashedToken revoked = tokenStore.revokeToken(uuid);
        if (revoked != null) {
            if (revoked.isLegacy()) {
                apiToken = null;
            }
            tokenStats.removeId(revoked.getUuid());
            user.save();
        }
    }

    @Since("2.260")
    public void revokeAllTokens() throws IOException {
        tokenStats.removeAll();
        tokenStore.revokeAllTokens();
        user.save();
    }

    @Since("2.260")
    public void revokeAllTokensExceptOne(String uuid) throws IOException {
        tokenStats.removeAllExcept(uuid);
        tokenStore.revokeAllTokensExcept(uuid);
        user.save();
    }

    public static final class DescriptorImpl extends UserPropertyDescriptor {
        public DescriptorImpl() {
            super(ApiTokenProperty.class);
        }

        /** Before 2.129 every user has a seed from the start, and always the same one until it is saved. */
        @Override
        public ApiTokenProperty newInstance(User user) {
            boolean withSeed = !Core.hasTokenStore()
                    || ApiTokenPropertyConfiguration.get().isTokenGenerationOnCreationEnabled();
            return new ApiTokenProperty(withSeed ? API_KEY_SEED.mac(user.getId()) : null);
        }
    }
}
