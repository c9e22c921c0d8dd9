package jenkins.model;

import hudson.ExtensionList;
import hudson.Util;

/** The address that the controller is told it has. */
public class JenkinsLocationConfiguration extends GlobalConfiguration {
    private String adminAddress;
    private String jenkinsUrl;

    public static JenkinsLocationConfiguration get() {
        return ExtensionList.lookupSingleton(JenkinsLocationConfiguration.class);
    }

    public String getUrl() {
        return jenkinsUrl;
    }

    public void setUrl(String url) {
        String trimmed = Util.fixEmptyAndTrim(url);
        jenkinsUrl = trimmed == null || trimmed.endsWith("/") ? trimmed : trimmed + "/";
        save();
    }

    public String getAdminAddress() {
        return adminAddress;
    }

    public void setAdminAddress(String address) {
        adminAddress = Util.fixEmptyAndTrim(address);
        save();
    }
}
