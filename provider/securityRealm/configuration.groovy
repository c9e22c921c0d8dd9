// What the file of the configuration says of the realm, and the lines it says it in.
import hudson.BulkChange
import jenkins.model.Jenkins

def configurationFile = new File(Jenkins.getInstance().rootDir, 'config.xml')
def realmInFile = { ->
    def text = configurationFile.getText('UTF-8')
    def found = text =~ /(?s)<securityRealm\b[^>]*\/>|<securityRealm\b.*?<\/securityRealm>/
    if (!found.find()) return [text: '', first: 0, last: 0]
    def line = { int offset -> text.substring(0, offset).count('\n') + 1 }
    [text: found.group(), first: line(found.start()), last: line(found.end())]
}
// A change of the realm that is being tried, or was, is remembered here until the controller restarts.
def context = Jenkins.getInstance().servletContext
def attribute = 'pulumi-jenkins-auth.realm'
def secondsLeft = { trial -> Math.max(1, (int) Math.ceil((trial.until - System.currentTimeMillis()) / 1000)) }
// A script that died before ours can have left its thread, which serves ours now, in a state in which nothing is saved.
def save = { ->
    def controller = Jenkins.getInstance()
    while (BulkChange.contains(controller)) BulkChange.current().abort()
    controller.save()
}
