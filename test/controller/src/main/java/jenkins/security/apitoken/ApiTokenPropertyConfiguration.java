package jenkins.security.apitoken;

import hudson.ExtensionList;
import jenkins.model.GlobalConfiguration;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** What is allowed of API tokens. */
@Since("2.129")
public class ApiTokenPropertyConfiguration extends GlobalConfiguration {
    private boolean tokenGenerationOnCreationEnabled;
    private boolean creationOfLegacyTokenEnabled;
    private boolean usageStatisticsEnabled = true;

    public static ApiTokenPropertyConfiguration get() {
        return ExtensionList.lookupSingleton(ApiTokenPropertyConfiguration.class);
    }

    public boolean isTokenGenerationOnCreationEnabled() {
        return tokenGenerationOnCreationEnabled;
    }

    public void setTokenGenerationOnCreationEnabled(boolean enabled) {
        tokenGenerationOnCreationEnabled = enabled;
        save();
    }

    public boolean isCreationOfLegacyTokenEnabled() {
        return creationOfLegacyTokenEnabled;
    }

    public void setCreationOfLegacyTokenEnabled(boolean enabled) {
        creationOfLegacyTokenEnabled = enabled;
        save();
    }

    public boolean isUsageStatisticsEnabled() {
        return usageStatisticsEnabled;
    }

    public void setUsageStatisticsEnabled(boolean enabled) {
        usageStatisticsEnabled = enabled;
        save();
    }
}
