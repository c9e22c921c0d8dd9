// Keeps what a suite may change in a file of the controller, for putBack.groovy.
import groovy.json.JsonOutput

def jenkins = Jenkins.instance
def before = [realm: jenkins.securityRealm, strategy: jenkins.authorizationStrategy, issuer: jenkins.crumbIssuer]
def xml = before.collectEntries { name, value -> [name, Jenkins.XSTREAM2.toXML(value)] }
new File(jenkins.rootDir, 'before-tests.json').setText(JsonOutput.toJson(xml), 'UTF-8')
null
