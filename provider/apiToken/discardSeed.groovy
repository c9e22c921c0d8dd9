// Replaces the seed of a core from before the token store with a random one, so that the token made from it is void.
import hudson.model.User
import jenkins.security.ApiTokenProperty

User.getById(input.user, false)?.getProperty(ApiTokenProperty)?.changeApiToken()
null
