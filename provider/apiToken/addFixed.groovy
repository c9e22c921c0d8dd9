// Adds a token of a given value, unless the user has this very token already. Answers its uuid.
def tokens = hudson.model.User.getById(input.user, false).getProperty(jenkins.security.ApiTokenProperty)
def last = input.expiresOn == null ? null : java.time.LocalDate.parse(input.expiresOn)
def hash = java.security.MessageDigest.getInstance('SHA-256').digest(secret.digits.getBytes('US-ASCII')).encodeHex().toString()
def present = tokens.tokenStore.tokenListSortedByName.find {
    !it.legacy && it.name == input.name && it.@value.@hash == hash && (!it.hasProperty('expirationDate') || it.expirationDate == last)
}
def value = '11' + secret.digits
present?.uuid ?: (last == null ? tokens.addFixedNewToken(input.name, value) : tokens.addFixedNewToken(input.name, value, last))
