// Puts back the legacy token, or the seed, that a change marked `input.undo` took the place of. Answers whether it did.
import jenkins.model.Jenkins
import jenkins.security.ApiTokenProperty

def user = userOf(input.user)
def own = user?.getProperty(ApiTokenProperty)
def context = Jenkins.getInstance().servletContext
def attribute = 'pulumi-jenkins-auth.before.' + user?.id
def before = context.getAttribute(attribute)
if (own == null || before?.undo != input.undo) return false
// Saving a user goes through the tokens, and fails if another script changes them meanwhile.
synchronized (user) {
    own.@apiToken = before.seed
    if (before.containsKey('entry')) {
        def added = own.tokenStore.legacyToken
        if (added != null) own.tokenStore.revokeToken(added.uuid)
        if (before.entry != null) own.tokenStore.@tokenList.add(before.entry)
    }
    user.save()
}
context.removeAttribute(attribute)
true
