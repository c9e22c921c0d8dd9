// Creates a user who can log in by token: Jenkins' own database only lets in users with a password there, so that this
// user gets a random one that is not kept. Returns whether `input.maker` created the user, also when it asks again.
import hudson.model.User
import hudson.security.HudsonPrivateSecurityRealm
import jenkins.model.Jenkins
import org.kohsuke.stapler.Stapler

def context = Jenkins.getInstance().servletContext
def attribute = 'pulumi-jenkins-auth.maker.' + input.user
if (userOf(input.user) != null) return context.getAttribute(attribute) == input.maker
context.setAttribute(attribute, input.maker)
def realm = Jenkins.getInstance().securityRealm
if (!(realm instanceof HudsonPrivateSecurityRealm)) {
    User.getById(input.user, true).save()
    return true
}
// Hashing a password takes long on purpose, so that users who are made by the same request share the hash of one.
def request = Stapler.methods.any { it.name == 'getCurrentRequest2' } ? Stapler.currentRequest2 : Stapler.currentRequest
def password = 'pulumi-jenkins-auth.nobody'
def hash = request.getAttribute(password)
if (hash != null) {
    realm.createAccountWithHashedPassword(input.user, hash)
    return true
}
def user = realm.createAccount(input.user, (1..2).collect { UUID.randomUUID().toString() }.join())
if (realm.class.methods.any { it.name == 'createAccountWithHashedPassword' }) {
    request.setAttribute(password, user.getProperty(HudsonPrivateSecurityRealm.Details).password)
}
true
