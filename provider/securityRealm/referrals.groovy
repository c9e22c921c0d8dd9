// Answers the first directory to which one refers when it is searched for a user, and follows nothing. A directory can
// be silent for as long as it likes, so that it is asked beside, with a deadline.
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import javax.naming.Context
import javax.naming.ReferralException
import javax.naming.directory.InitialDirContext
import javax.naming.directory.SearchControls

def patience = (input.seconds * 1000) as String
def referralOf = { directory ->
    def environment = new Hashtable([
        (Context.INITIAL_CONTEXT_FACTORY): 'com.sun.jndi.ldap.LdapCtxFactory',
        (Context.PROVIDER_URL): directory.url,
        (Context.REFERRAL): 'throw',
        'com.sun.jndi.ldap.connect.timeout': patience,
        'com.sun.jndi.ldap.read.timeout': patience,
    ])
    if (directory.managerDN) {
        environment[Context.SECURITY_PRINCIPAL] = directory.managerDN
        environment[Context.SECURITY_CREDENTIALS] = secret[directory.managerPassword] ?: ''
    }
    def context = new InitialDirContext(environment)
    try {
        def root = directory.rootDN
        if (root == null) {
            def known = context.getAttributes('', ['defaultNamingContext', 'namingContexts'] as String[])
            root = (known.get('defaultNamingContext') ?: known.get('namingContexts'))?.get() ?: ''
        }
        def base = [directory.base, root].findAll { it }.join(',')
        def controls = new SearchControls(searchScope: SearchControls.SUBTREE_SCOPE, returningAttributes: ['1.1'] as String[])
        def found = context.search(base, directory.search, [input.user] as Object[], controls)
        while (found.hasMore()) found.next()
        null
    } catch (ReferralException referral) {
        referral.referralInfo as String
    } finally {
        context.close()
    }
}
def asking = new FutureTask({ ->
    input.directories.findResult { directory ->
        try {
            referralOf(directory)
        } catch (Exception silentOrDown) {
            null
        }
    }
} as Callable)
def thread = new Thread(asking, 'pulumi-jenkins-auth')
thread.daemon = true
thread.start()
try {
    [referral: asking.get(input.seconds, TimeUnit.SECONDS)]
} catch (Exception late) {
    [referral: null]
}
