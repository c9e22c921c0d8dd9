// Sets the seed that a core from before the token store makes a user's one token from.
// What was there before is kept in memory under `input.undo`, until the next change of this user's.
def user = hudson.model.User.getById(input.user, false)
def own = user.getProperty(jenkins.security.ApiTokenProperty)
if (own == null) {
    own = new jenkins.security.ApiTokenProperty()
    user.addProperty(own)
}
def context = jenkins.model.Jenkins.getInstance().servletContext
def attribute = 'pulumi-jenkins-auth.before.' + user.id
if (context.getAttribute(attribute)?.undo != input.undo) context.setAttribute(attribute, [undo: input.undo, seed: own.@apiToken])
own.@apiToken = hudson.util.Secret.fromString(secret.seed)
user.save()
''
