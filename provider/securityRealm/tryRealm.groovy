// Puts a realm in force for a while, in memory alone, and arms a timer that puts the old one back. Should somebody save
// the configuration meanwhile, the file would name a realm that nobody confirmed, so the way back saves the old one too.
def controller = jenkins.model.Jenkins.getInstance()
def wanted = makeRealm()
def quietly = { realm ->
    def change = new hudson.BulkChange(controller)
    try {
        controller.setSecurityRealm(realm)
    } finally {
        change.abort()
    }
}
def told = { trial -> [state: trial.state, previous: trial.previous, was: trial.old?.class?.name] }

synchronized (context) {
    def last = context.getAttribute(attribute)
    if (last?.id == input.id) return told(last)
    if (last?.state == 'tried' && !last.task.done) return [state: 'busy']

    def old = controller.securityRealm
    def trial = [
        id: input.id, state: 'tried', old: old, realm: wanted, previous: xmlOf(old), restored: secret.xml != null, accounts: [],
        until: System.currentTimeMillis() + input.seconds * 1000L,
    ]
    def before = realmInFile().text
    // Another class is a realm that somebody else chose since, or Configuration as Code: that one stays.
    trial.putBack = { ->
        synchronized (context) {
            if (trial.state != 'tried') return
            def ours = controller.securityRealm.class == wanted.class
            if (ours) {
                quietly(old)
                if (realmInFile().text != before) controller.save()
            }
            trial.accounts.each { id -> hudson.model.User.getById(id, false)?.delete() }
            trial.state = ours ? 'put back' : 'overtaken'
        }
    } as Runnable
    trial.task = jenkins.util.Timer.get().schedule(trial.putBack, input.seconds as long, java.util.concurrent.TimeUnit.SECONDS)
    context.setAttribute(attribute, trial)
    try {
        quietly(wanted)
        input.accounts.each { id ->
            def user = hudson.model.User.getById(id, false)
            if (user?.getProperty(hudson.security.HudsonPrivateSecurityRealm.Details) != null) return
            if (user == null) trial.accounts << id
            wanted.createAccount(id, secret['account ' + id])
        }
    } catch (Throwable failure) {
        trial.putBack.run()
        trial.task.cancel(false)
        throw failure
    }
    told(trial)
}
