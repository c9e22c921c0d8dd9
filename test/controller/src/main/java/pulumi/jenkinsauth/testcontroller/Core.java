package pulumi.jenkinsauth.testcontroller;

import pulumi.jenkinsauth.testcontroller.versions.Version;

/**
 * The version of the core that is imitated, for where the same member behaves differently from version to
 * version.
 */
public final class Core {
    private static Version version;

    private Core() {}

    static void imitate(Version core) {
        version = core;
    }

    public static Version version() {
        return version;
    }

    /** Cores before 2.138.4 have a user in a folder named after the id; those from it on, in one with a name of its own. */
    public static boolean namesFoldersByIds() {
        return !version.atLeast("2.138.4");
    }

    /** Cores from 2.129 keep several hashed tokens for a user; those before, one recoverable seed. */
    public static boolean hasTokenStore() {
        return version.atLeast("2.129");
    }

    /** Cores from 2.548 have tokens that expire. */
    public static boolean expiresTokens() {
        return version.atLeast("2.548");
    }
}
