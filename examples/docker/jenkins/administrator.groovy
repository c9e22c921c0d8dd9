// Makes the administrator on the first start. On later ones Jenkins is secured, and what Pulumi changed is left alone.
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy
import hudson.security.HudsonPrivateSecurityRealm
import jenkins.model.Jenkins

def jenkins = Jenkins.get()
if (jenkins.useSecurity) return

def realm = new HudsonPrivateSecurityRealm(false)
realm.createAccount('admin', new File('/run/secrets/adminPassword').text.trim())
def onceLoggedIn = new FullControlOnceLoggedInAuthorizationStrategy()
onceLoggedIn.allowAnonymousRead = false
jenkins.securityRealm = realm
jenkins.authorizationStrategy = onceLoggedIn
jenkins.save()
