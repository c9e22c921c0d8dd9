package jenkins.security.apitoken;

import hudson.Util;
import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/**
 * A user's tokens, as hashes. What happens here happens in memory: who uses the store must save the
 * user.
 */
@Since("2.129")
public class ApiTokenStore {
    private static final int DIGITS = 32;
    private static final String LEGACY_VERSION = "10";
    private static final String CURRENT_VERSION = "11";
    private static final SecureRandom RANDOM = new SecureRandom();

    private List<HashedToken> tokenList = new ArrayList<>();

    private Object readResolve() {
        if (tokenList == null) {
            tokenList = new ArrayList<>();
        }
        return this;
    }

    public synchronized Collection<HashedToken> getTokenListSortedByName() {
        return tokenList.stream()
                .sorted(Comparator.comparing(token -> token.getName().toLowerCase(Locale.ENGLISH)))
                .toList();
    }

    public TokenUuidAndPlainValue generateNewToken(String name) {
        return generate(name, null);
    }

    @Since("2.548")
    public TokenUuidAndPlainValue generateNewToken(String name, LocalDate lastDay) {
        return generate(name, lastDay);
    }

    private TokenUuidAndPlainValue generate(String name, LocalDate lastDay) {
        byte[] random = new byte[DIGITS / 2];
        RANDOM.nextBytes(random);
        String digits = Util.toHexString(random);
        HashedToken token = add(name, digits, lastDay);
        return new TokenUuidAndPlainValue(token.uuid, CURRENT_VERSION + digits, lastDay,
                Core.expiresTokens() && token.isAboutToExpire());
    }

    @Since("2.260")
    public String addFixedNewToken(String name, String value) {
        return addFixedNewToken(name, value, null);
    }

    /**
     * Stores a token whose value is known.
     *
     * @param value "11" and 32 hexadecimal digits; these are stored as if they were in lower case
     * @return the uuid of the new entry: names and values need not be unique
     */
    @Since("2.548")
    public String addFixedNewToken(String name, String value, LocalDate lastDay) {
        int versionLength = CURRENT_VERSION.length();
        if (value.length() != versionLength + DIGITS) {
            throw new IllegalArgumentException("The token must consist of 2 characters for the version"
                    + " and 32 hex-characters for the secret");
        }
        String version = value.substring(0, versionLength);
        if (!version.equals(CURRENT_VERSION)) {
            throw new IllegalArgumentException("The given version is not recognized: " + version);
        }
        String digits = value.substring(versionLength).toLowerCase(Locale.ENGLISH);
        if (!digits.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException(
                    "The secret part of the token must consist of 32 hex-characters");
        }
        return add(name, digits, lastDay).uuid;
    }

    private synchronized HashedToken add(String name, String digits, LocalDate lastDay) {
        HashedToken token = HashedToken.buildNew(name, new HashValue(CURRENT_VERSION, hexHash(digits)));
        if (Core.expiresTokens()) {
            token.expirationDate = lastDay;
        }
        addToken(token);
        return token;
    }

    private void addToken(HashedToken token) {
        tokenList.add(token);
    }

    /** Makes MD5 of the seed the one legacy token, in place of the one before. */
    public void regenerateTokenFromLegacy(Secret seed) {
        replaceLegacyToken(seed, new Date());
    }

    /** Likewise, unless there is a legacy token. This one's age is not known. */
    public synchronized void regenerateTokenFromLegacyIfRequired(Secret seed) {
        if (getLegacyToken() == null) {
            replaceLegacyToken(seed, null);
        }
    }

    private synchronized void replaceLegacyToken(Secret seed, Date creationDate) {
        tokenList.removeIf(HashedToken::isLegacy);
        HashValue value = new HashValue(LEGACY_VERSION, hexHash(Util.getDigestOf(seed.getPlainText())));
        tokenList.add(new HashedToken("Legacy Token", creationDate, value));
    }

    public synchronized HashedToken getLegacyToken() {
        return tokenList.stream().filter(HashedToken::isLegacy).findFirst().orElse(null);
    }

    /** The first token of this value: of 34 characters the first two are not looked at, whatever they are. */
    public synchronized HashedToken findMatchingToken(String value) {
        String digits = value.length() == CURRENT_VERSION.length() + DIGITS
                ? value.substring(CURRENT_VERSION.length())
                : value;
        byte[] hash = hash(digits);
        return tokenList.stream().filter(token -> token.match(hash)).findFirst().orElse(null);
    }

    public synchronized HashedToken revokeToken(String uuid) {
        HashedToken revoked = tokenList.stream().filter(token -> token.uuid.equals(uuid)).findFirst()
                .orElse(null);
        tokenList.remove(revoked);
        return revoked;
    }

    @Since("2.260")
    public synchronized void revokeAllTokens() {
        tokenList.clear();
    }

    @Since("2.260")
    public synchronized void revokeAllTokensExcept(String uuid) {
        tokenList.removeIf(token -> !token.uuid.equals(uuid));
    }

    public synchronized boolean renameToken(String uuid, String name) {
        for (HashedToken token : tokenList) {
            if (token.uuid.equals(uuid)) {
                token.rename(name);
                return true;
            }
        }
        return false;
    }

    private static byte[] hash(String digits) {
        return Util.digest("SHA-256", digits.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hexHash(String digits) {
        return Util.toHexString(hash(digits));
    }

    private static class HashValue {
        private final String version;
        private final String hash;

        private HashValue(String version, String hash) {
            this.version = version;
            this.hash = hash;
        }
    }

    @Since("2.129")
    public static class HashedToken {
        private String uuid = UUID.randomUUID().toString();
        private String name;
        private Date creationDate;

        @Since("2.548")
        private LocalDate expirationDate;

        private HashValue value;

        private HashedToken(String name, Date creationDate, HashValue value) {
            this.name = name;
            this.creationDate = creationDate;
            this.value = value;
        }

        public static HashedToken buildNew(String name, HashValue value) {
            return new HashedToken(name, new Date(), value);
        }

        private Object readResolve() {
            if (uuid == null) {
                uuid = UUID.randomUUID().toString();
            }
            return this;
        }

        public boolean match(byte[] hash) {
            return MessageDigest.isEqual(Util.fromHexString(value.hash), hash)
                    && !(Core.expiresTokens() && isExpired());
        }

        public void rename(String newName) {
            name = newName;
        }

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public String getUuid() {
            return uuid;
        }

        public Date getCreationDate() {
            return creationDate;
        }

        public boolean isLegacy() {
            return value.version.equals(LEGACY_VERSION);
        }

        @Since("2.548")
        public LocalDate getExpirationDate() {
            return expirationDate;
        }

        /** On its last day a token still works. */
        @Since("2.548")
        public boolean isExpired() {
            return expirationDate != null && expirationDate.isBefore(LocalDate.now());
        }

        @Since("2.548")
        public boolean isAboutToExpire() {
            return expirationDate != null && expirationDate.isBefore(LocalDate.now().plusDays(7));
        }
    }
}
