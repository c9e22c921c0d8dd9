// Answers the tokens of the users asked for and, if `input.page` is more than none, of those beside the first of them: users
// are in the order of their ids then, that many a page. No value leaves the controller: its hash is keyed with
// `secret.key`, which lives no longer than the run that asked.
import hudson.model.User
import hudson.security.HudsonPrivateSecurityRealm
import java.security.MessageDigest
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import jenkins.model.Jenkins
import jenkins.security.ApiTokenProperty

def store = ApiTokenProperty.declaredFields.find { it.name == 'tokenStore' }?.type
def hasStore = store != null
def adds = ApiTokenProperty.methods.findAll { it.name == 'addFixedNewToken' }
// Cores before 2.260 have the parts that this method is made of; see addFixed.groovy.
def hasParts = store?.declaredMethods?.any { it.name == 'addToken' } && store.declaredClasses.any { type -> type.methods.any { it.name == 'buildNew' } }
def canExpire = adds.any { it.parameterCount == 3 }

def mac = Mac.getInstance('HmacSHA256')
mac.init(new SecretKeySpec(secret.key.getBytes('US-ASCII'), 'HmacSHA256'))
def fingerprint = { String hash -> mac.doFinal(hash.getBytes('US-ASCII')).encodeHex().toString() }
def sha256 = { String text -> MessageDigest.getInstance('SHA-256').digest(text.getBytes('US-ASCII')).encodeHex().toString() }

// By the controller's own clock, as is the creation.
def now = System.currentTimeMillis()
def tokensOf = { user ->
    def own = user.getProperty(ApiTokenProperty)
    if (own == null) return []
    if (!hasStore) return [[uuid: '', name: '', legacy: true, fingerprint: fingerprint(sha256(own.getApiTokenInsecure()))]]
    own.tokenStore.tokenListSortedByName.collect { token ->
        // What is not so, or not there, is left out: there can be very many of these.
        def seen = [uuid: token.uuid, name: token.name, fingerprint: fingerprint(token.@value.@hash)]
        if (token.legacy) seen.legacy = true
        if (token.creationDate != null) seen.age = now - token.creationDate.time
        if (canExpire && token.expirationDate != null) {
            seen.expiresOn = token.expirationDate.toString()
            seen.expired = token.expired
            seen.aboutToExpire = token.aboutToExpire
        }
        seen
    }
}

// What another change of the realm, which is being tried, left in the memory of this controller; see configuration.groovy.
def trial = Jenkins.getInstance().servletContext.getAttribute('pulumi-jenkins-auth.realm')
def tried = trial?.state == 'tried' && !trial.task.done
// Jenkins' own database knows only users with a password there: it answers 500 to the tokens of all others. While a realm
// is tried, the one that will be back if it fails counts.
def asksForPassword = (tried ? trial.old : Jenkins.getInstance().securityRealm) instanceof HudsonPrivateSecurityRealm
def unloadable = [:]
def users = [:]
def observe = { String id, user ->
    users[id] = tokensOf(user)
    if (asksForPassword && user.getProperty(HudsonPrivateSecurityRealm.Details) == null) unloadable[id] = true
}
def complete = false
if (input.page > 0) {
    // `User.all` would make a user of that name: Groovy takes it for the static `User.get(String)`.
    def all = User.getAll().sort(false) { it.id }
    complete = all.size() <= input.page
    def id = unholdable(input.users[0]) == null ? userOf(input.users[0])?.id : null
    def pages = complete ? [all] : all.collate(input.page)
    def page = pages.find { complete || it.any { user -> user.id == id } } ?: []
    page.each { observe(it.id, it) }
}
def refused = input.users.collectEntries { [it, unholdable(it)] }.findAll { it.value != null }
input.users.each { id ->
    if (users[id] != null || refused[id] != null) return
    def user = userOf(id)
    if (user == null) users[id] = null
    else observe(id, user)
}
[
    abilities: [store: hasStore, fixed: !adds.empty || hasParts, expiry: canExpire],
    users: users, unloadable: unloadable, refused: refused, complete: complete,
    trialSeconds: tried ? Math.max(1, (int) Math.ceil((trial.until - now) / 1000)) : null,
]
