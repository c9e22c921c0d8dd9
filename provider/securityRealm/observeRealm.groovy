// Answers the realm in force by its properties; while a change is tried, the realm that will be back if it fails.
import hudson.security.HudsonPrivateSecurityRealm
import jenkins.model.Jenkins

def controller = Jenkins.getInstance()
def trial = context.getAttribute(attribute)
def tried = trial?.state == 'tried' && !trial.task.done
def realm = tried ? trial.old : controller.securityRealm
def place = realmInFile()
def refused = input.accounts.collectEntries { [it, unholdable(it)] }.findAll { it.value != null }
def hasPassword = { id -> userOf(id)?.getProperty(HudsonPrivateSecurityRealm.Details) != null }
def host
try {
    host = InetAddress.localHost.hostName
} catch (UnknownHostException nameless) {
    host = ''
}
[
    realm: describe(realm),
    secondsLeft: tried ? secondsLeft(trial) : null,
    before: trial?.state == 'kept' && !trial.restored && isSame(trial.realm, realm) ? trial.previous : null,
    refusedAccounts: refused,
    missingAccounts: input.accounts.findAll { refused[it] == null && !hasPassword(it) },
    place: [file: configurationFile.path, host: host, first: place.first, last: place.last],
]
