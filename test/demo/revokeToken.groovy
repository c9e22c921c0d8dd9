// What somebody might type into the script console.
def tokens = hudson.model.User.getById(input.user, false).getProperty(jenkins.security.ApiTokenProperty)
tokens.tokenStore.tokenListSortedByName.collect { it.uuid }.each { tokens.revokeToken(it) }
null
