// Replaces the seed of a core from before the token store with a random one, so that the token made from it is void.
import jenkins.security.ApiTokenProperty

userOf(input.user)?.getProperty(ApiTokenProperty)?.changeApiToken()
null
