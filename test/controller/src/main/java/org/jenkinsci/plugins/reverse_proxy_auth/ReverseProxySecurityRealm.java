package org.jenkinsci.plugins.reverse_proxy_auth;

import hudson.Util;
import hudson.security.ChainedServletFilter2;
import hudson.security.SecurityRealm;
import hudson.util.Secret;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.kohsuke.stapler.DataBoundConstructor;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import pulumi.jenkinsauth.testcontroller.directory.DirectoryAddress;
import pulumi.jenkinsauth.testcontroller.versions.Since;
import pulumi.jenkinsauth.testcontroller.versions.Until;

/**
 * Believes a proxy who the user is, by a header. Groups come from another header, or from LDAP if there is a
 * server. Its constructor grew with the versions: 17 arguments up to 1.5, 20 from 1.6, 22 from 1.8.
 */
public class ReverseProxySecurityRealm extends SecurityRealm {
    private static final int DEFAULT_UPDATE_INTERVAL = 15;

    /** Before 1.7.4 the password of the directory was only scrambled, into Base64, wherever it was kept. */
    private static final boolean ENCRYPTS_PASSWORD = Stream
            .of(ReverseProxySecurityRealm.class.getDeclaredFields())
            .anyMatch(field -> field.getName().equals("managerPasswordSecret"));

    public final String forwardedUser;

    @Since("1.8")
    public String forwardedEmail;

    @Since("1.8")
    public String forwardedDisplayName;

    public final String headerGroups;
    public final String headerGroupsDelimiter;

    @Since("1.6")
    public String customLogInUrl;

    @Since("1.6")
    public String customLogOutUrl;

    public final String server;
    public final String rootDN;
    public final boolean inhibitInferRootDN;
    public final String userSearchBase;
    public final String userSearch;
    public final String groupSearchBase;
    public final String groupSearchFilter;
    public final String groupMembershipFilter;

    @Since("1.6")
    public String groupNameAttribute;

    public final String managerDN;

    @Until("1.7.4")
    private String managerPassword;

    @Since("1.7.4")
    private Secret managerPasswordSecret;

    public final int updateInterval;
    public final boolean disableLdapEmailResolver;
    private final String displayNameLdapAttribute;
    private final String emailAddressLdapAttribute;

    /** Who the last request was of. The plugin writes this to the configuration whenever that is saved. */
    public String retrievedUser;

    private transient Map<String, Collection<? extends GrantedAuthority>> known;
    private transient LdapGroups directory;

    @DataBoundConstructor
    @Until("1.6")
    public ReverseProxySecurityRealm(
            String forwardedUser,
            String headerGroups,
            String headerGroupsDelimiter,
            String server,
            String rootDN,
            boolean inhibitInferRootDN,
            String userSearchBase,
            String userSearch,
            String groupSearchBase,
            String groupSearchFilter,
            String groupMembershipFilter,
            String managerDN,
            String managerPassword,
            Integer updateInterval,
            boolean disableLdapEmailResolver,
            String displayNameLdapAttribute,
            String emailAddressLdapAttribute) {
        this(
                new ForwardedHeaders(forwardedUser, headerGroups, headerGroupsDelimiter),
                new DirectorySearch(
                        server, rootDN, inhibitInferRootDN, userSearchBase, userSearch, groupSearchBase,
                        groupSearchFilter, groupMembershipFilter, managerDN, secret(managerPassword),
                        updateInterval, disableLdapEmailResolver, displayNameLdapAttribute,
                        emailAddressLdapAttribute));
    }

    @DataBoundConstructor
    @Since("1.6")
    @Until("1.7.4")
    public ReverseProxySecurityRealm(
            String forwardedUser,
            String headerGroups,
            String headerGroupsDelimiter,
            String customLogInUrl,
            String customLogOutUrl,
            String server,
            String rootDN,
            boolean inhibitInferRootDN,
            String userSearchBase,
            String userSearch,
            String groupSearchBase,
            String groupSearchFilter,
            String groupMembershipFilter,
            String groupNameAttribute,
            String managerDN,
            String managerPassword,
            Integer updateInterval,
            boolean disableLdapEmailResolver,
            String displayNameLdapAttribute,
            String emailAddressLdapAttribute) {
        this(
                new ForwardedHeaders(forwardedUser, headerGroups, headerGroupsDelimiter),
                new DirectorySearch(
                        server, rootDN, inhibitInferRootDN, userSearchBase, userSearch, groupSearchBase,
                        groupSearchFilter, groupMembershipFilter, managerDN, secret(managerPassword),
                        updateInterval, disableLdapEmailResolver, displayNameLdapAttribute,
                        emailAddressLdapAttribute));
        setLinksAndGroupName(customLogInUrl, customLogOutUrl, groupNameAttribute);
    }

    @DataBoundConstructor
    @Since("1.7.4")
    @Until("1.8")
    public ReverseProxySecurityRealm(
            String forwardedUser,
            String headerGroups,
            String headerGroupsDelimiter,
            String customLogInUrl,
            String customLogOutUrl,
            String server,
            String rootDN,
            boolean inhibitInferRootDN,
            String userSearchBase,
            String userSearch,
            String groupSearchBase,
            String groupSearchFilter,
            String groupMembershipFilter,
            String groupNameAttribute,
            String managerDN,
            Secret managerPassword,
            Integer updateInterval,
            boolean disableLdapEmailResolver,
            String displayNameLdapAttribute,
            String emailAddressLdapAttribute) {
        this(
                new ForwardedHeaders(forwardedUser, headerGroups, headerGroupsDelimiter),
                new DirectorySearch(
                        server, rootDN, inhibitInferRootDN, userSearchBase, userSearch, groupSearchBase,
                        groupSearchFilter, groupMembershipFilter, managerDN, managerPassword, updateInterval,
                        disableLdapEmailResolver, displayNameLdapAttribute, emailAddressLdapAttribute));
        setLinksAndGroupName(customLogInUrl, customLogOutUrl, groupNameAttribute);
    }

    @DataBoundConstructor
    @Since("1.8")
    public ReverseProxySecurityRealm(
            String forwardedUser,
            String forwardedEmail,
            String forwardedDisplayName,
            String headerGroups,
            String headerGroupsDelimiter,
            String customLogInUrl,
            String customLogOutUrl,
            String server,
            String rootDN,
            boolean inhibitInferRootDN,
            String userSearchBase,
            String userSearch,
            String groupSearchBase,
            String groupSearchFilter,
            String groupMembershipFilter,
            String groupNameAttribute,
            String managerDN,
            Secret managerPassword,
            Integer updateInterval,
            boolean disableLdapEmailResolver,
            String displayNameLdapAttribute,
            String emailAddressLdapAttribute) {
        this(
                new ForwardedHeaders(forwardedUser, headerGroups, headerGroupsDelimiter),
                new DirectorySearch(
                        server, rootDN, inhibitInferRootDN, userSearchBase, userSearch, groupSearchBase,
                        groupSearchFilter, groupMembershipFilter, managerDN, managerPassword, updateInterval,
                        disableLdapEmailResolver, displayNameLdapAttribute, emailAddressLdapAttribute));
        this.forwardedEmail = Util.fixEmptyAndTrim(forwardedEmail);
        this.forwardedDisplayName = Util.fixEmptyAndTrim(forwardedDisplayName);
        setLinksAndGroupName(customLogInUrl, customLogOutUrl, groupNameAttribute);
    }

    /** What all versions have in common. The headers have no defaults here: those are only the form's. */
    private ReverseProxySecurityRealm(ForwardedHeaders headers, DirectorySearch directory) {
        forwardedUser = Util.fixEmptyAndTrim(headers.user());
        headerGroups = headers.groups();
        String delimiter = Util.fixEmptyAndTrim(headers.delimiter());
        headerGroupsDelimiter = delimiter == null ? "|" : delimiter;
        server = Util.fixEmptyAndTrim(directory.server());
        inhibitInferRootDN = directory.inhibitInferRootDN();
        managerDN = Util.fixEmpty(directory.managerDN());
        if (ENCRYPTS_PASSWORD) {
            managerPasswordSecret = directory.managerPassword();
        } else if (directory.managerPassword() != null) {
            managerPassword = Scrambled.text(directory.managerPassword().getPlainText());
        }
        rootDN = server == null ? null : rootDN(directory);
        userSearchBase = Util.fixNull(directory.userSearchBase()).trim();
        String search = Util.fixEmptyAndTrim(directory.userSearch());
        userSearch = search == null ? "uid={0}" : search;
        groupSearchBase = Util.fixEmptyAndTrim(directory.groupSearchBase());
        groupSearchFilter = Util.fixEmptyAndTrim(directory.groupSearchFilter());
        groupMembershipFilter = Util.fixEmptyAndTrim(directory.groupMembershipFilter());
        Integer interval = directory.updateInterval();
        updateInterval = interval == null || interval <= 0 ? DEFAULT_UPDATE_INTERVAL : interval;
        disableLdapEmailResolver = directory.disableEmailResolver();
        displayNameLdapAttribute = directory.displayNameAttribute();
        emailAddressLdapAttribute = directory.emailAddressAttribute();
    }

    private String rootDN(DirectorySearch directory) {
        boolean infer = !inhibitInferRootDN && Util.fixEmptyAndTrim(directory.rootDN()) == null;
        String given = infer ? inferRootDN() : directory.rootDN();
        return Util.fixNull(given).trim();
    }

    private String inferRootDN() {
        Secret password = managerPassword();
        String name = password == null ? null : managerDN;
        return DirectoryAddress.inferRootDN(server, name, Secret.toString(password));
    }

    @Since("1.6")
    private void setLinksAndGroupName(String logInUrl, String logOutUrl, String groupName) {
        customLogInUrl = Util.fixEmptyAndTrim(logInUrl);
        customLogOutUrl = Util.fixEmptyAndTrim(logOutUrl);
        groupNameAttribute = Util.fixEmptyAndTrim(groupName);
    }

    public String getForwardedUser() {
        return forwardedUser;
    }

    public String getHeaderGroups() {
        return headerGroups;
    }

    public String getHeaderGroupsDelimiter() {
        return headerGroupsDelimiter;
    }

    @Since("1.6")
    public String getGroupNameAttribute() {
        return groupNameAttribute;
    }

    @Since("1.6")
    public void setGroupNameAttribute(String attribute) {
        groupNameAttribute = attribute;
    }

    public String getGroupSearchFilter() {
        return groupSearchFilter;
    }

    public String getGroupMembershipFilter() {
        return groupMembershipFilter;
    }

    public int getUpdateInterval() {
        return updateInterval;
    }

    public String getDisplayNameLdapAttribute() {
        return displayNameLdapAttribute;
    }

    public String getEmailAddressLdapAttribute() {
        return emailAddressLdapAttribute;
    }

    @Since("1.7.4")
    public Secret getManagerPassword() {
        return managerPasswordSecret;
    }

    public String getServerUrl() {
        return server == null ? null : DirectoryAddress.withScheme(server);
    }

    public String getLDAPURL() {
        return server == null ? null : DirectoryAddress.providerUrl(server, rootDN);
    }

    Secret managerPassword() {
        if (ENCRYPTS_PASSWORD) {
            return managerPasswordSecret;
        }
        return secret(Scrambled.original(managerPassword));
    }

    private static Secret secret(String text) {
        return text == null ? null : Secret.fromString(text);
    }

    /** What talks to the directory, if there is one. */
    synchronized LdapGroups directory() {
        if (directory == null) {
            directory = new LdapGroups(this);
        }
        return directory;
    }

    /** The authorities that each user had at the last request, for what asks the realm beside one. */
    synchronized Map<String, Collection<? extends GrantedAuthority>> known() {
        if (known == null) {
            known = new ConcurrentHashMap<>();
        }
        return known;
    }

    @Override
    public boolean canLogOut() {
        return ofVersion("customLogOutUrl") != null;
    }

    @Override
    protected String getPostLogOutUrl2(HttpServletRequest request, Authentication authentication) {
        String url = ofVersion("customLogOutUrl");
        return url == null ? super.getPostLogOutUrl2(request, authentication) : url;
    }

    /** A field that not every version has, or null. */
    String ofVersion(String field) {
        try {
            return (String) getClass().getField(field).get(this);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** The usual filters go first, so that a wrong password is refused before any header is looked at. */
    @Override
    public Filter createFilter(FilterConfig config) {
        return new ChainedServletFilter2(super.createFilter(config), new ForwardedUserFilter(this));
    }

    /** Without a directory there are no passwords, and whoever is asked for exists. */
    @Override
    public SecurityComponents createSecurityComponents() {
        if (getLDAPURL() != null) {
            return directory().components();
        }
        return new SecurityComponents(
                authentication -> {
                    throw new BadCredentialsException("There are no passwords");
                },
                name -> new ReverseProxyUserDetails(name, known().get(name)));
    }
}
