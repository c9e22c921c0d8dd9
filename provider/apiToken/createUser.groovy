// Creates a user who can log in by token: Jenkins' own database only lets in users with a password there, so that this
// user gets a random one that is not kept. Under another realm too, which looks at none: that database can come back, as
// after a change of the realm that fails. Returns whether `input.maker` created the user, also when it asks again.
import hudson.security.HudsonPrivateSecurityRealm
import jenkins.model.Jenkins
import org.kohsuke.stapler.Stapler

def context = Jenkins.getInstance().servletContext
def attribute = 'pulumi-jenkins-auth.maker.' + input.user
def isCreated = userOf(input.user) == null
if (isCreated) context.setAttribute(attribute, input.maker)
def isOurs = isCreated || context.getAttribute(attribute) == input.maker
def inForce = Jenkins.getInstance().securityRealm
if (!isCreated && !(inForce instanceof HudsonPrivateSecurityRealm)) return isOurs
if (userOf(input.user)?.getProperty(HudsonPrivateSecurityRealm.Details) != null) return isOurs
// One that allows no sign-up would have Jenkins ask its next visitor for a first user, if there is none with a password.
def realm = inForce instanceof HudsonPrivateSecurityRealm ? inForce : new HudsonPrivateSecurityRealm(true)
// Hashing a password takes long on purpose, so that users who are made by the same request share the hash of one.
def request = Stapler.methods.any { it.name == 'getCurrentRequest2' } ? Stapler.currentRequest2 : Stapler.currentRequest
def password = 'pulumi-jenkins-auth.nobody'
def hash = request.getAttribute(password)
if (hash != null) {
    realm.createAccountWithHashedPassword(input.user, hash)
    return isOurs
}
def user = realm.createAccount(input.user, (1..2).collect { UUID.randomUUID().toString() }.join())
if (realm.class.methods.any { it.name == 'createAccountWithHashedPassword' }) {
    request.setAttribute(password, user.getProperty(HudsonPrivateSecurityRealm.Details).password)
}
isOurs
