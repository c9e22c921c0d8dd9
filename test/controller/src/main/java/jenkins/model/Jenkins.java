package jenkins.model;

import hudson.BulkChange;
import hudson.ExtensionList;
import hudson.PluginManager;
import hudson.Util;
import hudson.XmlFile;
import hudson.model.Hudson;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.RootAction;
import hudson.model.Saveable;
import hudson.model.TopLevelItem;
import hudson.model.UnprotectedRootAction;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.security.AuthorizationStrategy;
import hudson.security.HudsonFilter;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.SecurityRealm;
import hudson.security.csrf.CrumbIssuer;
import hudson.util.XStream2;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.security.core.Authentication;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.http.Application;
import pulumi.jenkinsauth.testcontroller.http.CurrentRequest;
import pulumi.jenkinsauth.testcontroller.http.RootUrl;
import pulumi.jenkinsauth.testcontroller.jobs.Jobs;
import pulumi.jenkinsauth.testcontroller.users.CurrentUser;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** The controller: its configuration, and everything that scripts reach from there. */
public class Jenkins implements AccessControlled, Saveable {
    public static final XStream2 XSTREAM2 = new XStream2();
    public static final XStream2 XSTREAM = XSTREAM2;
    public static final String VERSION = Core.version().text();
    public static final String SESSION_HASH = UUID.randomUUID().toString().substring(0, 8);
    public static final Authentication ANONYMOUS2 = CurrentUser.ANONYMOUS;

    public static final PermissionGroup PERMISSIONS = Permission.HUDSON_PERMISSIONS;
    public static final Permission ADMINISTER = Permission.HUDSON_ADMINISTER;
    public static final Permission MANAGE = new Permission(PERMISSIONS, "Manage", ADMINISTER);
    public static final Permission SYSTEM_READ = new Permission(PERMISSIONS, "SystemRead", ADMINISTER);
    public static final Permission READ = new Permission(PERMISSIONS, "Read", ADMINISTER);

    /**
     * What answers those, too, who may not read the controller, beside what {@link UnprotectedRootAction}s
     * name.
     */
    private static final Set<String> ALWAYS_READABLE_PATHS = Set.of(
            "404", "_404", "_404_simple", "login", "loginError", "logout", "accessDenied", "adjuncts",
            "error", "oops",
            "signup", "tcpSlaveAgentListener", "federatedLoginService", "securityRealm");

    private static volatile Jenkins instance;

    static {
        XSTREAM2.alias("hudson", Hudson.class);
    }

    private final Set<String> disabledAdministrativeMonitors = new HashSet<>();
    private String version;
    private int numExecutors = 2;
    private String mode = "NORMAL";
    private Boolean useSecurity = true;
    private volatile AuthorizationStrategy authorizationStrategy = AuthorizationStrategy.UNSECURED;
    private volatile SecurityRealm securityRealm = SecurityRealm.NO_AUTHENTICATION;
    private volatile boolean disableRememberMe;
    private String systemMessage;
    private volatile CrumbIssuer crumbIssuer;

    public final transient File root;
    public final transient ServletContext servletContext;
    public final transient PluginManager pluginManager;
    private final transient Jobs jobs;

    protected Jenkins(File root, ServletContext servletContext, PluginManager pluginManager) {
        this.root = root;
        this.servletContext = servletContext;
        this.pluginManager = pluginManager;
        this.jobs = new Jobs(new File(root, "jobs"));
        instance = this;
    }

    public static Jenkins get() {
        if (instance == null) {
            throw new IllegalStateException("Jenkins.instance is missing");
        }
        return instance;
    }

    public static Jenkins getInstance() {
        return get();
    }

    public static Jenkins getInstanceOrNull() {
        return instance;
    }

    @Since("2.266")
    public static Authentication getAuthentication2() {
        return CurrentUser.get();
    }

    public static org.acegisecurity.Authentication getAuthentication() {
        return org.acegisecurity.Authentication.fromSpring(CurrentUser.get());
    }

    public static String getVersion() {
        return VERSION;
    }

    public File getRootDir() {
        return root;
    }

    public ServletContext getServletContext() {
        return servletContext;
    }

    public PluginManager getPluginManager() {
        return pluginManager;
    }

    public SecurityRealm getSecurityRealm() {
        return securityRealm;
    }

    /** Takes effect at once, and saves, unless a {@link BulkChange} of this object is open. */
    public void setSecurityRealm(SecurityRealm realm) {
        IdStrategy before = securityRealm.getUserIdStrategy();
        useSecurity = true;
        securityRealm = realm == null ? SecurityRealm.NO_AUTHENTICATION : realm;
        resetFilter();
        if (!before.equals(securityRealm.getUserIdStrategy())) {
            rekeyUsers();
        }
        if (Core.version().atLeast("2.60")) {
            saveQuietly();
        }
    }

    private void resetFilter() {
        HudsonFilter filter = HudsonFilter.get(servletContext);
        if (filter != null) {
            try {
                filter.reset(securityRealm);
            } catch (ServletException e) {
                throw new IllegalStateException("Failed to configure filter", e);
            }
        }
    }

    private static void rekeyUsers() {
        try {
            User.rekey();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public AuthorizationStrategy getAuthorizationStrategy() {
        return authorizationStrategy;
    }

    public void setAuthorizationStrategy(AuthorizationStrategy strategy) {
        useSecurity = true;
        authorizationStrategy = strategy == null ? AuthorizationStrategy.UNSECURED : strategy;
        saveQuietly();
    }

    public boolean isUseSecurity() {
        return securityRealm != SecurityRealm.NO_AUTHENTICATION
                || authorizationStrategy != AuthorizationStrategy.UNSECURED;
    }

    public void disableSecurity() {
        setSecurityRealm(SecurityRealm.NO_AUTHENTICATION);
        authorizationStrategy = AuthorizationStrategy.UNSECURED;
        useSecurity = null;
        saveQuietly();
    }

    public boolean isUseCrumbs() {
        return crumbIssuer != null;
    }

    public CrumbIssuer getCrumbIssuer() {
        return crumbIssuer;
    }

    /** Does not save, unlike the setters beside it. */
    public void setCrumbIssuer(CrumbIssuer issuer) {
        crumbIssuer = issuer;
    }

    public String getSystemMessage() {
        return systemMessage;
    }

    public void setSystemMessage(String message) throws IOException {
        systemMessage = Util.fixEmptyAndTrim(message);
        save();
    }

    public int getNumExecutors() {
        return numExecutors;
    }

    public String getMode() {
        return mode;
    }

    public boolean isDisableRememberMe() {
        return disableRememberMe;
    }

    /** A secret of this controller, in its file {@code secret.key}. */
    public String getSecretKey() {
        return Util.readTrimmed(new File(root, "secret.key"));
    }

    public String getRootUrl() {
        String configured = JenkinsLocationConfiguration.get().getUrl();
        if (configured != null) {
            return configured;
        }
        return CurrentRequest.get() == null ? null : getRootUrlFromRequest();
    }

    public String getRootUrlFromRequest() {
        return RootUrl.of(CurrentRequest.get());
    }

    @Override
    public ACL getACL() {
        return authorizationStrategy.getRootACL();
    }

    public User getUser(String id) {
        return User.getById(id, false);
    }

    public User getMe() {
        return User.current();
    }

    public Collection<String> getUnprotectedRootActions() {
        Set<String> names = new TreeSet<>(Set.of("jnlpJars"));
        ExtensionList.lookup(UnprotectedRootAction.class).forEach(action -> names.add(action.getUrlName()));
        return names;
    }

    public List<RootAction> getActions() {
        return ExtensionList.lookup(RootAction.class);
    }

    /** Whether who may not read the controller is refused at this path below its root. */
    public boolean isSubjectToMandatoryReadPermissionCheck(String path) {
        String first = path.replaceFirst("^/", "").split("/", 2)[0];
        return !ALWAYS_READABLE_PATHS.contains(first) && !getUnprotectedRootActions().contains(first);
    }

    public List<TopLevelItem> getItems() {
        return jobs.all();
    }

    public TopLevelItem getItem(String name) {
        return jobs.get(name);
    }

    public Item getItemByFullName(String name) {
        return jobs.get(name);
    }

    public <T> ExtensionList<T> getExtensionList(Class<T> type) {
        return ExtensionList.lookup(type);
    }

    public void onDeleted(Job job) {
        jobs.remove(job.getName());
    }

    /** Reads everything from disk again, in the background; until that is done every page answers 503. */
    public void doReload() {
        checkPermission(ADMINISTER);
        Application application = Application.of(servletContext);
        application.beginLoading();
        Thread reload = new Thread(
                () -> {
                    try {
                        load();
                        application.ready();
                    } catch (IOException | RuntimeException e) {
                        application.failed(e);
                    }
                },
                "Jenkins config reload thread");
        reload.setDaemon(true);
        reload.start();
    }

    /** Reads the configuration, the users and the jobs. */
    public void load() throws IOException {
        XmlFile file = configFile();
        if (file.exists()) {
            systemMessage = null;
            crumbIssuer = null;
            file.unmarshal(this);
        }
        ExtensionList.lookup(GlobalConfiguration.class).forEach(GlobalConfiguration::load);
        resetFilter();
        User.reload();
        jobs.load();
    }

    @Override
    public synchronized void save() throws IOException {
        if (!BulkChange.contains(this)) {
            version = VERSION;
            configFile().write(this);
        }
    }

    private void saveQuietly() {
        try {
            save();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private XmlFile configFile() {
        return new XmlFile(XSTREAM2, new File(root, "config.xml"));
    }

    @Override
    public String toString() {
        return getClass().getName() + "@" + Integer.toHexString(hashCode());
    }
}
