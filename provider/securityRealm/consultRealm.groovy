// Asks a realm that is not in force what it knows of a user, and whether it takes that user's password if one is given; or
// the site that the URL-auth realm will ask whom it takes a cookie for.
import groovy.json.JsonSlurper
import java.util.concurrent.TimeoutException
import jenkins.model.Jenkins

def withoutSecrets = { String text -> secret.values().findAll { it instanceof String && it }.inject(text) { kept, hidden -> kept.replace(hidden, '[secret]') } }
// Cores before 2.266 have other classes for a login.
def logIn = { realm, String user, String password ->
    def type = modern ? 'org.springframework.security.authentication.UsernamePasswordAuthenticationToken' : 'org.acegisecurity.providers.UsernamePasswordAuthenticationToken'
    def login = Jenkins.getInstance().pluginManager.uberClassLoader.loadClass(type).newInstance(user, password)
    def components = realm.securityComponents
    (modern ? components.manager2 : components.manager).authenticate(login)
}
def isRefusal = { Throwable failure -> failure.class.simpleName =~ /^(BadCredentials|UsernameNotFound|Disabled|Locked|AccountExpired|CredentialsExpired)/ }
def knownTo = { realm, String user, String password ->
    try {
        realm.class.methods.any { it.name == 'loadUserByUsername2' } ? realm.loadUserByUsername2(user) : realm.loadUserByUsername(user)
    } catch (Throwable failure) {
        return failure.class.simpleName.startsWith('UsernameNotFound') ? [kind: 'unknown'] : [kind: 'failed', text: saidBy(failure)]
    }
    if (password == null) return [kind: 'known']
    try {
        logIn(realm, user, password)
        [kind: 'known']
    } catch (Throwable failure) {
        isRefusal(failure) ? [kind: 'refused'] : [kind: 'failed', text: saidBy(failure)]
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
try {
    beside(input.seconds) {
        if (input.site != null) return toldBySite()
        try {
            knownTo(makeRealm(), input.user, secret.password)
        } catch (Throwable failure) {
            [kind: 'failed', text: saidBy(failure)]
        }
    }
} catch (TimeoutException silent) {
    [kind: 'silent']
}
