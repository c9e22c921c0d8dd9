package hudson.model;

import hudson.BulkChange;
import hudson.ExtensionList;
import hudson.Util;
import hudson.XmlFile;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.SecurityRealm;
import hudson.security.UserMayOrMayNotExistException2;
import hudson.util.XStream2;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jenkins.model.IdStrategy;
import jenkins.model.Jenkins;
import jenkins.security.ImpersonatingUserDetailsService2;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;
import pulumi.jenkinsauth.testcontroller.users.Users;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** A user as Jenkins knows one: an id, and properties, in a file of their own. */
public class User implements AccessControlled, Saveable, Comparable<User> {
    public static final XStream2 XSTREAM = new XStream2();

    /** Names that can log in nobody, and that no file is written for. */
    private static final Set<String> ILLEGAL_IDS = Set.of("anonymous", "system", "unknown");

    static {
        XSTREAM.alias("user", User.class);
    }

    private final int version = 10;
    private String id;
    private volatile String fullName;
    private volatile String description;
    private volatile List<UserProperty> properties = new ArrayList<>();

    private User(String id, String fullName) {
        this.id = id;
        this.fullName = fullName;
    }

    /** A user who is not on disk yet, with the properties that every user has. */
    public static User fresh(String id, String fullName) {
        User user = new User(id, fullName);
        user.completeProperties();
        return user;
    }

    /** The user of a file, or null if the file does not say whose it is. */
    public static User read(XmlFile file, String idOfFolder) throws IOException {
        User user = new User(null, null);
        file.unmarshal(user);
        if (user.id == null) {
            user.id = idOfFolder;
        }
        if (user.id == null) {
            return null;
        }
        user.completeProperties();
        return user;
    }

    private void completeProperties() {
        List<UserProperty> all = properties == null ? new ArrayList<>() : new ArrayList<>(properties);
        for (UserPropertyDescriptor descriptor : ExtensionList.lookup(UserPropertyDescriptor.class)) {
            if (all.stream().noneMatch(descriptor.clazz::isInstance)) {
                UserProperty property = descriptor.newInstance(this);
                if (property != null) {
                    all.add(property);
                }
            }
        }
        properties = all;
        all.forEach(property -> property.setUser(this));
    }

    /** Finds the user of this id, or makes one if told to; finding makes nobody. */
    public static User getById(String id, boolean create) {
        return Users.get().byId(id, id, create);
    }

    /**
     * Finds or makes a user. Script writers beware: Groovy takes {@code User.something} for a call of
     * this.
     */
    public static User get(String idOrFullName) {
        return get(idOrFullName, true);
    }

    public static User get(String idOrFullName, boolean create) {
        return get(idOrFullName, create, Map.of());
    }

    public static User get(String idOrFullName, boolean create, Map<?, ?> context) {
        return idOrFullName == null ? null : Users.get().byIdOrFullName(idOrFullName, create);
    }

    @Since("2.91")
    public static User getOrCreateByIdOrFullName(String idOrFullName) {
        return get(idOrFullName, true);
    }

    @Since("2.266")
    public static User get2(Authentication authentication) {
        return ofAuthentication(authentication);
    }

    private static User ofAuthentication(Authentication authentication) {
        return authentication == null || authentication instanceof AnonymousAuthenticationToken
                ? null
                : getById(authentication.getName(), true);
    }

    public static User current() {
        return ofAuthentication(CurrentUser.get());
    }

    public static Collection<User> getAll() {
        return Users.get().all();
    }

    public static void reload() throws IOException {
        Users.get().load();
    }

    public static void rekey() throws IOException {
        Users.get().rekey();
    }

    public static IdStrategy idStrategy() {
        return Jenkins.get().getSecurityRealm().getUserIdStrategy();
    }

    public String getId() {
        return id;
    }

    public String getFullName() {
        return fullName == null ? id : fullName;
    }

    public String getDisplayName() {
        return getFullName();
    }

    public void setFullName(String name) {
        fullName = Util.fixEmptyAndTrim(name) == null ? id : name;
    }

    public String getDescription() {
        return description;
    }

    public void setDescription(String description) {
        this.description = description;
    }

    public String getUrl() {
        return "user/" + Util.rawEncode(idStrategy().keyFor(id));
    }

    public String getAbsoluteUrl() {
        return Jenkins.get().getRootUrl() + getUrl();
    }

    public List<UserProperty> getAllProperties() {
        return hasPermission(Jenkins.ADMINISTER) ? List.copyOf(properties) : List.of();
    }

    public <T extends UserProperty> T getProperty(Class<T> type) {
        return properties.stream().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    /** Sets a property in place of the one of its class, and saves. */
    public synchronized void addProperty(UserProperty property) throws IOException {
        List<UserProperty> all = new ArrayList<>(properties);
        all.remove(getProperty(property.getClass()));
        all.add(property);
        property.setUser(this);
        properties = all;
        save();
    }

    /**
     * What the realm says of this user; a realm that does not know whether there is such a user gets the
     * least.
     */
    public UserDetails getUserDetailsForImpersonation2() throws UsernameNotFoundException {
        SecurityRealm realm = Jenkins.get().getSecurityRealm();
        try {
            return new ImpersonatingUserDetailsService2(realm.getSecurityComponents().userDetails2)
                    .loadUserByUsername(id);
        } catch (UserMayOrMayNotExistException2 e) {
            return new org.springframework.security.core.userdetails.User(
                    id, "", Set.of(SecurityRealm.AUTHENTICATED_AUTHORITY2));
        }
    }

    @Since("2.266")
    public Authentication impersonate2() throws UsernameNotFoundException {
        return impersonate(getUserDetailsForImpersonation2());
    }

    public Authentication impersonate(UserDetails details) {
        return new UsernamePasswordAuthenticationToken(details.getUsername(), "", details.getAuthorities());
    }

    public static boolean isIdOrFullnameAllowed(String id) {
        return id != null && !id.isBlank() && ILLEGAL_IDS.stream().noneMatch(id.trim()::equalsIgnoreCase);
    }

    @Override
    public synchronized void save() throws IOException {
        if (!isIdOrFullnameAllowed(id) || !isIdOrFullnameAllowed(getFullName())) {
            throw new IOException(
                    "\"" + id + "\" is prohibited as a username or a full name for security reasons.");
        }
        if (!BulkChange.contains(this)) {
            Users.get().file(id).write(this);
        }
    }

    public void delete() throws IOException {
        Users.get().delete(id);
    }

    /** The user's folder, or null while there is none. */
    public File getUserFolder() {
        File folder = Users.get().file(id).getFile().getParentFile();
        return folder.isDirectory() ? folder : null;
    }

    @Override
    public ACL getACL() {
        ACL base = Jenkins.get().getAuthorizationStrategy().getACL(this);
        return ACL.lambda2((authentication, permission) -> isSelf(authentication)
                || base.hasPermission2(authentication, permission));
    }

    private boolean isSelf(Authentication authentication) {
        return !(authentication instanceof AnonymousAuthenticationToken)
                && idStrategy().equals(authentication.getName(), id);
    }

    @Override
    public int compareTo(User other) {
        return idStrategy().compare(id, other.id);
    }

    @Override
    public String toString() {
        return getFullName();
    }
}
