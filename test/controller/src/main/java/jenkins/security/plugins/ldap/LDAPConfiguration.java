package jenkins.security.plugins.ldap;

import hudson.Util;
import hudson.model.Describable;
import hudson.security.LDAPSecurityRealm;
import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import pulumi.jenkinsauth.testcontroller.directory.DirectoryAddress;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** A directory, and how to find users and groups in it. */
public class LDAPConfiguration implements Describable<LDAPConfiguration> {
    private static final String DEFAULT_USER_SEARCH = "uid={0}";

    private final String server;
    private final String rootDN;
    private final boolean inhibitInferRootDN;
    private String userSearchBase = "";
    private String userSearch = DEFAULT_USER_SEARCH;
    private String groupSearchBase = "";
    private String groupSearchFilter;
    private LDAPGroupMembershipStrategy groupMembershipStrategy =
            new FromGroupSearchLDAPGroupMembershipStrategy(
            "");
    private final String managerDN;
    private final Secret managerPasswordSecret;
    private String displayNameAttributeName = "displayname";
    private String mailAddressAttributeName = "mail";
    private boolean ignoreIfUnavailable;
    private Map<String, String> extraEnvVars;

    /** Asks the server for the root DN if none is given, unless that is inhibited. */
    @DataBoundConstructor
    public LDAPConfiguration(
            String server, String rootDN, boolean inhibitInferRootDN, String managerDN,
            Secret managerPasswordSecret) {
        this.server = server.trim();
        this.managerDN = Util.fixEmpty(managerDN);
        this.managerPasswordSecret = managerPasswordSecret;
        this.inhibitInferRootDN = inhibitInferRootDN;
        boolean infer = !inhibitInferRootDN && Util.fixEmptyAndTrim(rootDN) == null;
        this.rootDN = infer ? Util.fixNull(inferRootDN()) : rootDN;
    }

    private String inferRootDN() {
        return DirectoryAddress.inferRootDN(server, managerDN, getManagerPassword());
    }

    public String getServer() {
        return server;
    }

    public String getServerUrl() {
        return DirectoryAddress.withScheme(server);
    }

    public String getLDAPURL() {
        return DirectoryAddress.providerUrl(server, rootDN);
    }

    public String getRootDN() {
        return rootDN;
    }

    public boolean isInhibitInferRootDN() {
        return inhibitInferRootDN;
    }

    public String getUserSearchBase() {
        return userSearchBase;
    }

    @DataBoundSetter
    public void setUserSearchBase(String base) {
        userSearchBase = Util.fixNull(base).trim();
    }

    public String getUserSearch() {
        return userSearch;
    }

    @DataBoundSetter
    public void setUserSearch(String search) {
        String trimmed = Util.fixEmptyAndTrim(search);
        userSearch = trimmed == null ? DEFAULT_USER_SEARCH : trimmed;
    }

    public String getGroupSearchBase() {
        return groupSearchBase;
    }

    @DataBoundSetter
    public void setGroupSearchBase(String base) {
        groupSearchBase = Util.fixEmptyAndTrim(base);
    }

    public String getGroupSearchFilter() {
        return groupSearchFilter;
    }

    @DataBoundSetter
    public void setGroupSearchFilter(String filter) {
        groupSearchFilter = Util.fixEmptyAndTrim(filter);
    }

    public LDAPGroupMembershipStrategy getGroupMembershipStrategy() {
        return groupMembershipStrategy;
    }

    @DataBoundSetter
    public void setGroupMembershipStrategy(LDAPGroupMembershipStrategy strategy) {
        groupMembershipStrategy = strategy == null
                ? new FromGroupSearchLDAPGroupMembershipStrategy("")
                : strategy;
    }

    public String getManagerDN() {
        return managerDN;
    }

    public String getManagerPassword() {
        return Secret.toString(managerPasswordSecret);
    }

    public Secret getManagerPasswordSecret() {
        return managerPasswordSecret;
    }

    public String getDisplayNameAttributeName() {
        return displayNameAttributeName == null ? "displayname" : displayNameAttributeName;
    }

    @DataBoundSetter
    public void setDisplayNameAttributeName(String name) {
        displayNameAttributeName = name;
    }

    public String getMailAddressAttributeName() {
        return mailAddressAttributeName == null ? "mail" : mailAddressAttributeName;
    }

    @DataBoundSetter
    public void setMailAddressAttributeName(String name) {
        mailAddressAttributeName = name;
    }

    public boolean isIgnoreIfUnavailable() {
        return ignoreIfUnavailable;
    }

    @Since("1.19")
    @DataBoundSetter
    public void setIgnoreIfUnavailable(boolean ignore) {
        ignoreIfUnavailable = ignore;
    }

    public Map<String, String> getExtraEnvVars() {
        return extraEnvVars == null ? Map.of() : Collections.unmodifiableMap(extraEnvVars);
    }

    public LDAPSecurityRealm.EnvironmentProperty[] getEnvironmentProperties() {
        return getExtraEnvVars().entrySet().stream()
                .map(entry -> new LDAPSecurityRealm.EnvironmentProperty(entry.getKey(), entry.getValue()))
                .toArray(LDAPSecurityRealm.EnvironmentProperty[]::new);
    }

    @DataBoundSetter
    public void setEnvironmentProperties(LDAPSecurityRealm.EnvironmentProperty[] properties) {
        extraEnvVars = properties == null || properties.length == 0 ? null : new LinkedHashMap<>();
        if (extraEnvVars != null) {
            for (LDAPSecurityRealm.EnvironmentProperty property : properties) {
                extraEnvVars.put(property.getName(), property.getValue());
            }
        }
    }

    /** The same for configurations that search the same place for the same users. */
    public String getId() {
        String place = getServerUrl() + "\n" + userSearchBase + "," + rootDN + "\n" + userSearch;
        return Base64.getEncoder().encodeToString(Util.digest("MD5", place.getBytes(StandardCharsets.UTF_8)));
    }
}
