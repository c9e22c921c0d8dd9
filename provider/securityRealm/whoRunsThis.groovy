// Needs Overall/Administer, as every script does. Answers nothing but who runs it.
def type = jenkins.model.Jenkins
(type.methods.any { it.name == 'getAuthentication2' } ? type.getAuthentication2() : type.getAuthentication()).name
