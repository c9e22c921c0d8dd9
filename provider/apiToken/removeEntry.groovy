// Removes the password entry that a user was given a moment ago.
import hudson.security.HudsonPrivateSecurityRealm

def user = userOf(input.user)
if (user == null) return null
synchronized (user) {
    user.@properties = user.@properties.findAll { !(it instanceof HudsonPrivateSecurityRealm.Details) }
    user.save()
}
null
