// Sets the seed that a core from before the token store makes a user's one token from.
// What was there before is kept in memory under `input.undo`, until the next change of this user's.
import hudson.util.Secret
import jenkins.model.Jenkins
import jenkins.security.ApiTokenProperty

def user = userOf(input.user)
def own = user.getProperty(ApiTokenProperty)
if (own == null) {
    own = new ApiTokenProperty()
    user.addProperty(own)
}
def context = Jenkins.getInstance().servletContext
def attribute = 'pulumi-jenkins-auth.before.' + user.id
if (context.getAttribute(attribute)?.undo != input.undo) context.setAttribute(attribute, [undo: input.undo, seed: own.@apiToken])
own.@apiToken = Secret.fromString(secret.seed)
user.save()
''
