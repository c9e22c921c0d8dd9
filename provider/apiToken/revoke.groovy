// Revokes tokens by their uuids. One that is gone already is fine. Answers those that were there. Cores before 2.260 have
// no revoking that saves, so that this is done in the store.
import jenkins.security.ApiTokenProperty

def user = userOf(input.user)
def own = user?.getProperty(ApiTokenProperty)
if (own == null) return []
// Saving a user goes through the tokens, and fails if another script changes them meanwhile.
synchronized (user) {
    def gone = input.uuids.collect { own.tokenStore?.revokeToken(it) }.findAll { it != null }
    if (gone.empty) return []
    gone.each { own.tokenStats.removeId(it.uuid) }
    // The legacy token would be made again from its seed when the user is loaded.
    if (gone.any { it.legacy }) own.@apiToken = null
    user.save()
    return gone*.uuid
}
