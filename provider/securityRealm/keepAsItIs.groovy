// Removes users that checks made up. Answers the realm in force, as XML.
import jenkins.model.Jenkins

input.madeUp.each { id -> userOf(id)?.delete() }
[previous: xmlOf(Jenkins.getInstance().securityRealm)]
