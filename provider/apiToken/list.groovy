// Returns the tokens of all users or, if `input.users` names some, of those, with when each was created and last used. Of
// their values not even hashes are returned.
// What a token does not have is left out: there can be very many of these.
import hudson.model.User
import jenkins.security.ApiTokenProperty

def hasStore = ApiTokenProperty.declaredFields.any { it.name == 'tokenStore' }
def canExpire = ApiTokenProperty.methods.any { it.name == 'addFixedNewToken' && it.parameterCount == 3 }
// Cores from before the token store do not have this class, so that it cannot be imported.
def recordsUses = hasStore && ApiTokenProperty.classLoader.loadClass('jenkins.security.apitoken.ApiTokenPropertyConfiguration').get().usageStatisticsEnabled

def tokensOf = { user ->
    def own = user.getProperty(ApiTokenProperty)
    if (own == null) return []
    if (!hasStore) return [[uuid: '', name: '', legacy: true]]
    own.tokenStore.tokenListSortedByName.collect { token ->
        def listed = [uuid: token.uuid, name: token.name]
        if (token.creationDate != null) listed.created = token.creationDate.time
        if (recordsUses) {
            def use = own.tokenStats.findTokenStatsById(token.uuid)
            listed.uses = use.useCounter
            if (use.lastUseDate != null) listed.lastUsed = use.lastUseDate.time
        }
        if (token.legacy) listed.legacy = true
        if (canExpire && token.expirationDate != null) listed.expiresOn = token.expirationDate.toString()
        listed
    }
}
def named = { input.users.findAll { unholdable(it) == null }.collectEntries { [it, userOf(it)] }.findAll { it.value != null } }
// `User.all` would create a user of that name: Groovy takes it for the static `User.get(String)`.
def everyone = { User.getAll().sort(false) { it.id }.collectEntries { [it.id, it] } }
def users = input.users == null ? everyone() : named()
[
    now: System.currentTimeMillis(), today: new Date().format('yyyy-MM-dd'), recordsUses: recordsUses,
    users: users.collect { id, user -> [id: id, tokens: tokensOf(user)] },
]
