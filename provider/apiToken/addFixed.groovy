// Adds a token of a given value, unless the user has this very token already. Answers its uuid.
import java.security.MessageDigest
import java.time.LocalDate
import jenkins.security.ApiTokenProperty

def user = userOf(input.user)
def tokens = user.getProperty(ApiTokenProperty)
def last = input.expiresOn == null ? null : LocalDate.parse(input.expiresOn)
def hash = MessageDigest.getInstance('SHA-256').digest(secret.digits.getBytes('US-ASCII')).encodeHex().toString()
def value = '11' + secret.digits
// Saving a user goes through the tokens, and fails if another script changes them meanwhile.
synchronized (user) {
    def present = tokens.tokenStore.tokenListSortedByName.find {
        !it.legacy && it.name == input.name && it.@value.@hash == hash && (!it.hasProperty('expirationDate') || it.expirationDate == last)
    }
    return present?.uuid ?: (last == null ? tokens.addFixedNewToken(input.name, value) : tokens.addFixedNewToken(input.name, value, last))
}
