// Asks a realm that is not in force what it knows of some users, or the site that the URL-auth realm will ask whom it
// takes a cookie for. Both can hang for as long as they like, so that it is done beside, with a deadline.
import groovy.json.JsonSlurper
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

def withoutSecrets = { String text -> secret.values().findAll { it instanceof String && it }.inject(text) { kept, hidden -> kept.replace(hidden, '[secret]') } }
// The innermost cause says most. A connection that fails meanwhile in another thread can change what it answers.
def saidBy = { Throwable failure ->
    def innermost = failure
    for (def cause = failure.cause; cause != null && cause != innermost; cause = cause.cause) innermost = cause
    withoutSecrets(innermost.class.simpleName + (innermost.message ? ': ' + innermost.message.readLines().first().take(300) : ''))
}
def knownTo = { realm, String user ->
    try {
        realm.class.methods.any { it.name == 'loadUserByUsername2' } ? realm.loadUserByUsername2(user) : realm.loadUserByUsername(user)
        [kind: 'known']
    } catch (Throwable failure) {
        failure.class.simpleName.startsWith('UsernameNotFound') ? [kind: 'unknown'] : [kind: 'failed', text: saidBy(failure)]
    }
}
def toldBySite = { ->
    try {
        def connection = new URL(input.site.url).openConnection()
        connection.connectTimeout = connection.readTimeout = input.seconds * 1000
        if (secret.cookie) connection.setRequestProperty('Cookie', secret.cookie)
        def status = connection.responseCode
        if (status != 200) return [kind: 'status', status: status]
        def text = connection.inputStream.withStream { it.getText('UTF-8') }
        try {
            def name = new JsonSlurper().parseText(text)[input.site.key]
            name ? [kind: 'name', text: withoutSecrets(name as String), administers: administersById(name as String)] : [kind: 'nameless']
        } catch (Exception unreadable) {
            [kind: 'no JSON', text: withoutSecrets(text.take(80))]
        }
    } catch (Exception failure) {
        [kind: 'failed', text: saidBy(failure)]
    }
}
def asking = new FutureTask({ ->
    if (input.site != null) return toldBySite()
    try {
        def realm = makeRealm()
        knownTo(realm, input.user)
    } catch (Throwable failure) {
        [kind: 'failed', text: saidBy(failure)]
    }
} as Callable)
// What was parsed from JSON puts itself in order at the first look at it, which must not be two threads' at once.
def seconds = input.seconds
def thread = new Thread(asking, 'pulumi-jenkins-auth')
thread.daemon = true
thread.start()
try {
    asking.get(seconds, TimeUnit.SECONDS)
} catch (TimeoutException silent) {
    [kind: 'silent']
}
