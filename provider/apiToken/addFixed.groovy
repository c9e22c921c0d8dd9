// Adds a token of a given value, unless the user has this very token already. Answers its uuid. Cores from 2.129 to 2.259
// have no method for it: there the entry is built and added as the store itself does with a generated one, by its private
// members. Nothing there checks the digits, which are 32 in lower case here. A token that
// replaces another one gets the uuid `input.uuid`, in place of what a run that broke off may have left under it.
import java.security.MessageDigest
import java.time.LocalDate
import jenkins.security.ApiTokenProperty

def user = userOf(input.user)
def tokens = user.getProperty(ApiTokenProperty)
def last = input.expiresOn == null ? null : LocalDate.parse(input.expiresOn)
def hash = MessageDigest.getInstance('SHA-256').digest(secret.digits.getBytes('US-ASCII')).encodeHex().toString()
def value = '11' + secret.digits
def build = {
    def type = { name -> tokens.tokenStore.class.declaredClasses.find { it.simpleName == name } }
    def token = type('HashedToken').buildNew(input.name, type('HashValue').newInstance('11', hash))
    // Logins go through the list meanwhile.
    synchronized (tokens.tokenStore) { tokens.tokenStore.addToken(token) }
    user.save()
    token.uuid
}
def add = {
    if (!tokens.class.methods.any { it.name == 'addFixedNewToken' }) return build()
    last == null ? tokens.addFixedNewToken(input.name, value) : tokens.addFixedNewToken(input.name, value, last)
}
// Saving a user goes through the tokens, and fails if another script changes them meanwhile.
synchronized (user) {
    def present = tokens.tokenStore.tokenListSortedByName.find {
        !it.legacy && it.name == input.name && it.@value.@hash == hash && (!it.hasProperty('expirationDate') || it.expirationDate == last)
    }
    if (present != null) return present.uuid
    if (input.uuid != null && tokens.tokenStore.revokeToken(input.uuid) != null) tokens.tokenStats.removeId(input.uuid)
    def uuid = add()
    if (input.uuid == null) return uuid
    tokens.tokenStore.tokenListSortedByName.find { it.uuid == uuid }.@uuid = input.uuid
    user.save()
    return input.uuid
}
