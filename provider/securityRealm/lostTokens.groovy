// Returns the ids of users who have API tokens and whom the realm in force cannot load: Jenkins' own database knows only
// users with a password there. Other realms are asked about no user.
import hudson.model.User
import hudson.security.HudsonPrivateSecurityRealm
import jenkins.model.Jenkins
import jenkins.security.ApiTokenProperty

if (!(Jenkins.getInstance().securityRealm instanceof HudsonPrivateSecurityRealm)) return []
User.getAll().findAll { user ->
    user.getProperty(HudsonPrivateSecurityRealm.Details) == null && user.getProperty(ApiTokenProperty)?.tokenStore?.tokenListSortedByName
}*.id
