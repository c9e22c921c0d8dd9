// Replaces the seed of a core from before the token store with a random one, so that the token made from it is void.
hudson.model.User.getById(input.user, false)?.getProperty(jenkins.security.ApiTokenProperty)?.changeApiToken()
null
