// Makes the legacy token of a seed: the entry of the token store, which logins ask, and the seed that it is made from.
// What was there before is kept in memory under `input.undo`, until the next change of this user's.
import hudson.util.Secret
import jenkins.model.Jenkins
import jenkins.security.ApiTokenProperty

def user = userOf(input.user)
def own = user.getProperty(ApiTokenProperty)
def context = Jenkins.getInstance().servletContext
def attribute = 'pulumi-jenkins-auth.before.' + user.id
if (context.getAttribute(attribute)?.undo != input.undo) context.setAttribute(attribute, [undo: input.undo, seed: own.@apiToken, entry: own.tokenStore.legacyToken])
def seed = Secret.fromString(secret.seed)
// Saving a user goes through the tokens, and fails if another script changes them meanwhile.
synchronized (user) {
    own.tokenStore.regenerateTokenFromLegacy(seed)
    own.@apiToken = seed
    user.save()
    return own.tokenStore.legacyToken.uuid
}
