package pulumi.jenkinsauth.testcontroller.directory;

import hudson.Util;
import java.util.Hashtable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;

/** Addresses of directories, and what is at their root. */
public final class DirectoryAddress {
    private static final Logger LOGGER = Logger.getLogger(DirectoryAddress.class.getName());

    private DirectoryAddress() {}

    /** Servers, separated by blanks, each with its scheme. */
    public static String withScheme(String servers) {
        return Stream.of(servers.trim().split("\\s+"))
                .map(server -> server.contains("://") ? server : "ldap://" + server)
                .collect(Collectors.joining(" "));
    }

    public static String providerUrl(String servers, String rootDN) {
        return Stream.of(withScheme(servers).split(" "))
                .map(server -> server + (server.endsWith("/") ? "" : "/") + Util.fixNull(rootDN))
                .collect(Collectors.joining(" "));
    }

    /**
     * Asks the server for its root, which can take as long as the server likes; null if it does not say. Nothing is
     * asked for by name, so that OpenLDAP, whose root has operational attributes only, does not say.
     */
    public static String inferRootDN(String servers, String managerDN, String managerPassword) {
        Hashtable<String, String> environment = new Hashtable<>();
        if (managerDN != null) {
            environment.put(Context.SECURITY_PRINCIPAL, managerDN);
            environment.put(Context.SECURITY_CREDENTIALS, managerPassword);
        }
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(Context.PROVIDER_URL, providerUrl(servers, ""));
        try {
            Attributes root = new InitialDirContext(environment).getAttributes("");
            Attribute context = root.get("defaultNamingContext");
            if (context == null) {
                context = root.get("namingContexts");
            }
            return context == null ? null : context.get().toString();
        } catch (NamingException e) {
            LOGGER.log(Level.WARNING, "Failed to connect to LDAP to infer Root DN for " + servers, e);
            return null;
        }
    }
}
