// Puts a realm in force for a while, in memory alone, and arms a timer that puts the old one back. Should an administrator save
// the configuration meanwhile, the file would name a realm that is not confirmed, so the way back saves the old one too.
import hudson.BulkChange
import hudson.security.HudsonPrivateSecurityRealm
import java.util.concurrent.TimeUnit
import jenkins.model.Jenkins
import jenkins.util.Timer

def controller = Jenkins.getInstance()
def wanted = makeRealm()
def quietly = { realm ->
    def change = new BulkChange(controller)
    try {
        controller.setSecurityRealm(realm)
    } finally {
        change.abort()
    }
}
// What a trial leaves among the users, and how it is removed again.
def delete = { String id -> return { -> userOf(id)?.delete() } }
def takePassword = { String id ->
    return { ->
        def user = userOf(id)
        if (user == null) return
        user.@properties = user.@properties.findAll { !(it instanceof HudsonPrivateSecurityRealm.Details) }
        user.save()
    }
}
def told = { trial -> [state: trial.state, previous: trial.previous, was: trial.old?.class?.name, takes: propertiesOf(trial.realm.class)] }

synchronized (context) {
    def last = context.getAttribute(attribute)
    if (last?.id == input.id) return told(last)
    if (context.getAttribute(attribute + '.undone.' + input.id)) return [state: 'put back']
    if (last?.state == 'tried' && !last.task.done) return [state: 'busy', secondsLeft: secondsLeft(last)]

    // Which folder is a user's can depend on the realm.
    input.accounts.each { refuseUnholdable(it, wanted.userIdStrategy) }
    def old = controller.securityRealm
    def trial = [
        id: input.id, state: 'tried', old: old, realm: wanted, previous: xmlOf(old), restored: secret.xml != null, traces: [],
        until: System.currentTimeMillis() + input.seconds * 1000L,
    ]
    def before = realmInFile().text
    // One that says something else was set since by another administrator, or by Configuration as Code: that one stays.
    trial.putBack = { ->
        synchronized (context) {
            if (trial.state != 'tried') return
            def ours = isSame(controller.securityRealm, wanted)
            if (ours) {
                quietly(old)
                if (realmInFile().text != before) save()
            }
            trial.state = ours ? 'put back' : 'overtaken'
            trial.traces*.call()
        }
    } as Runnable
    trial.task = Timer.get().schedule(trial.putBack, input.seconds as long, TimeUnit.SECONDS)
    context.setAttribute(attribute, trial)
    // Users whom the checks make up are removed by what ends them, unless that is the timer.
    trial.traces.addAll(input.madeUp.collect(delete))
    try {
        quietly(wanted)
        input.accounts.each { id ->
            def user = userOf(id)
            if (user?.getProperty(HudsonPrivateSecurityRealm.Details) != null) return
            trial.traces << (user == null ? delete(id) : takePassword(id))
            wanted.createAccount(id, secret['account ' + id])
        }
    } catch (Throwable failure) {
        trial.putBack.run()
        trial.task.cancel(false)
        throw failure
    }
    told(trial)
}
