// Whether the realm in force is the one that was kept as XML.
import jenkins.model.Jenkins

writtenXml(Jenkins.getInstance().securityRealm) == keptXml()
