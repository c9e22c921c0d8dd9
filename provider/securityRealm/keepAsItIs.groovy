// Removes users that checks made up. Answers the realm in force, as XML.
input.madeUp.each { id -> hudson.model.User.getById(id, false)?.delete() }
[previous: xmlOf(jenkins.model.Jenkins.getInstance().securityRealm)]
