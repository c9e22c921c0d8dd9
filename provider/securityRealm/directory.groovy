// Opens a directory as a realm's manager does, with deadlines of its own.
import javax.naming.Context
import javax.naming.directory.InitialDirContext

def openDirectory = { directory, int seconds ->
    def patience = (seconds * 1000) as String
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
    environment.putAll(directory.environment ?: [:])
    new InitialDirContext(environment)
}
