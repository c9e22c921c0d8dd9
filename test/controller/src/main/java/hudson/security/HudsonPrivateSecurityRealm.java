package hudson.security;

import hudson.model.User;
import hudson.model.UserProperty;
import hudson.security.captcha.CaptchaSupport;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.kohsuke.stapler.DataBoundConstructor;
import org.mindrot.jbcrypt.BCrypt;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** Jenkins' own database: users with a password in their files. */
public class HudsonPrivateSecurityRealm extends AbstractPasswordBasedSecurityRealm {
    private static final String HASH_PREFIX = "#jbcrypt:";

    /** Checked for unknown users, so that they take as long to refuse as known ones. */
    private static final String HASH_OF_NOBODY =
            "$2a$10$Q6dGG1nhNzQ4mDHTqmgEKO7hS0XvPZzSWh6SpG5hFuSVm2V9KwGFa";

    private final boolean disableSignup;
    private final boolean enableCaptcha;

    public HudsonPrivateSecurityRealm(boolean allowsSignup) {
        this(allowsSignup, false, null);
    }

    @DataBoundConstructor
    public HudsonPrivateSecurityRealm(boolean allowsSignup, boolean enableCaptcha,
            CaptchaSupport captchaSupport) {
        this.disableSignup = !allowsSignup;
        this.enableCaptcha = enableCaptcha;
        setCaptchaSupport(captchaSupport);
    }

    @Override
    public boolean allowsSignup() {
        return !disableSignup;
    }

    public boolean getAllowsSignup() {
        return allowsSignup();
    }

    public boolean isEnableCaptcha() {
        return enableCaptcha;
    }

    /** Makes the user if there is none, and sets the password. */
    public User createAccount(String name, String password) throws IOException {
        User user = User.getById(name, true);
        user.addProperty(Details.fromPlainPassword(password));
        return user;
    }

    @Since("2.161")
    public User createAccountWithHashedPassword(String name, String hash) throws IOException {
        if (hash == null || !hash.matches(HASH_PREFIX + "\\$2a\\$\\d{2}\\$[./A-Za-z0-9]{53}")) {
            throw new IllegalArgumentException("The hashed password was hashed with an incorrect algorithm."
                    + " Jenkins is expecting " + HASH_PREFIX);
        }
        User user = User.getById(name, true);
        user.addProperty(new Details(hash));
        return user;
    }

    public List<User> getAllUsers() {
        return User.getAll().stream().filter(user -> user.getProperty(Details.class) != null).toList();
    }

    public User getUser(String id) {
        return User.getById(id, false);
    }

    @Override
    protected UserDetails authenticate2(String username, String password) {
        User user = User.getById(username, false);
        Details details = user == null ? null : user.getProperty(Details.class);
        if (details == null) {
            BCrypt.checkpw(password, HASH_OF_NOBODY);
            throw new UsernameNotFoundException(username);
        }
        if (!details.isPasswordCorrect(password)) {
            throw new BadCredentialsException("Bad credentials");
        }
        return details.asUserDetails();
    }

    /** Knows those who have a password, and nobody else. */
    @Override
    public UserDetails loadUserByUsername2(String name) throws UsernameNotFoundException {
        User user = User.getById(name, false);
        Details details = user == null ? null : user.getProperty(Details.class);
        if (details == null) {
            throw new UsernameNotFoundException("Password is not set: " + name);
        }
        return details.asUserDetails();
    }

    @Override
    public GroupDetails loadGroupByGroupname2(String name, boolean fetchMembers)
            throws UsernameNotFoundException {
        throw new UsernameNotFoundException(name);
    }

    /** A user's password, as its hash. */
    public static final class Details extends UserProperty {
        private String passwordHash;

        private Details(String passwordHash) {
            this.passwordHash = passwordHash;
        }

        static Details fromPlainPassword(String password) {
            return new Details(HASH_PREFIX + BCrypt.hashpw(password, BCrypt.gensalt()));
        }

        public String getPassword() {
            return passwordHash;
        }

        public boolean isPasswordCorrect(String candidate) {
            return passwordHash.startsWith(HASH_PREFIX)
                    && BCrypt.checkpw(candidate, passwordHash.substring(HASH_PREFIX.length()));
        }

        public String getUsername() {
            return user.getId();
        }

        public Collection<? extends GrantedAuthority> getAuthorities2() {
            return List.of(SecurityRealm.AUTHENTICATED_AUTHORITY2);
        }

        private UserDetails asUserDetails() {
            return new org.springframework.security.core.userdetails.User(
                    getUsername(), passwordHash, List.of(SecurityRealm.AUTHENTICATED_AUTHORITY2));
        }
    }
}
