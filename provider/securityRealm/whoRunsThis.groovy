// Needs Overall/Administer, as every script does. Answers nothing but who runs it.
import jenkins.model.Jenkins

(Jenkins.methods.any { it.name == 'getAuthentication2' } ? Jenkins.getAuthentication2() : Jenkins.getAuthentication()).name
