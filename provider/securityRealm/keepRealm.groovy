// Saves the realm that was tried, and disarms the timer: from here on it stays. Users that checks made up are removed.
import jenkins.model.Jenkins

def controller = Jenkins.getInstance()
input.madeUp.each { id -> userOf(id)?.delete() }
synchronized (context) {
    def trial = context.getAttribute(attribute)
    if (trial?.id != input.id) return [state: 'forgotten']
    def inForce = controller.securityRealm
    if (trial.state == 'tried' && !isSame(inForce, trial.realm)) {
        return [state: 'replaced', by: inForce.class.name + (inForce.class == trial.realm.class ? ' with other settings' : '')]
    }
    if (trial.state == 'tried') {
        save()
        trial.state = 'kept'
        trial.task.cancel(false)
        trial.old = null
    }
    [state: trial.state]
}
