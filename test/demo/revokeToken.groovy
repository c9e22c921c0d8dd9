// What somebody might do in the script console, or on the user's page: this one token is revoked, and no other.
def tokens = hudson.model.User.getById(input.user, false).getProperty(jenkins.security.ApiTokenProperty)
tokens.revokeToken(tokens.tokenStore.findMatchingToken(secret.token).uuid)
null
