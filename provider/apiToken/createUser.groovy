// Creates a user who can log in by token: Jenkins' own database only lets in users with a password there, so that this
// user gets a random one that is not kept, and a user who is there without one gets one too. Under another realm, which
// looks at none, a new user does as well: that database can come back, as after a change of the realm that fails. Returns
// what `input.maker` created, 'user' or 'entry', also when it asks again; null if nothing was missing.
import hudson.model.User
import hudson.security.HudsonPrivateSecurityRealm
import jenkins.model.Jenkins
import org.kohsuke.stapler.Stapler

def context = Jenkins.getInstance().servletContext
def attribute = 'pulumi-jenkins-auth.maker.' + input.user
def last = context.getAttribute(attribute)
def before = last instanceof Map && last.maker == input.maker ? last.made : null
def user = userOf(input.user)
if (user?.getProperty(HudsonPrivateSecurityRealm.Details) != null) return before
def inForce = Jenkins.getInstance().securityRealm
def isDatabase = inForce instanceof HudsonPrivateSecurityRealm
if (user != null && before == null && !isDatabase) return null
def made = before ?: (user == null ? 'user' : 'entry')
context.setAttribute(attribute, [maker: input.maker, made: made])
def sharesHashes = HudsonPrivateSecurityRealm.methods.any { it.name == 'createAccountWithHashedPassword' }
if (!isDatabase && !sharesHashes) {
    // Cores before 2.161 look for the owner of an account by full name too, which can be another user's.
    User.getById(input.user, true).save()
    return made
}
// One that allows no sign-up would have Jenkins ask its next visitor for a first user, if there is none with a password.
def realm = isDatabase ? inForce : new HudsonPrivateSecurityRealm(true, false, null)
// Hashing a password takes long on purpose, so that users who are made by the same request share the hash of one.
def request = Stapler.methods.any { it.name == 'getCurrentRequest2' } ? Stapler.currentRequest2 : Stapler.currentRequest
def password = 'pulumi-jenkins-auth.nobody'
def hash = request.getAttribute(password)
if (hash != null) {
    realm.createAccountWithHashedPassword(input.user, hash)
    return made
}
def account = realm.createAccount(input.user, (1..2).collect { UUID.randomUUID().toString() }.join())
if (sharesHashes) request.setAttribute(password, account.getProperty(HudsonPrivateSecurityRealm.Details).password)
made
