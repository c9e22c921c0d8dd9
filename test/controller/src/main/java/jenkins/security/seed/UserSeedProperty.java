package jenkins.security.seed;

import hudson.Util;
import hudson.model.User;
import hudson.model.UserProperty;
import hudson.model.UserPropertyDescriptor;
import java.security.SecureRandom;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** A random value of a user's that a session must carry; renewing it ends the user's sessions. */
@Since("2.160")
public class UserSeedProperty extends UserProperty {
    public static final String USER_SESSION_SEED = "_JENKINS_SESSION_SEED";

    private static final SecureRandom RANDOM = new SecureRandom();

    private String seed;

    private UserSeedProperty() {
        renewSeed();
    }

    public String getSeed() {
        return seed;
    }

    public void renewSeed() {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        seed = Util.toHexString(random);
    }

    @Since("2.160")
    public static final class DescriptorImpl extends UserPropertyDescriptor {
        public DescriptorImpl() {
            super(UserSeedProperty.class);
        }

        @Override
        public UserSeedProperty newInstance(User user) {
            return new UserSeedProperty();
        }
    }
}
