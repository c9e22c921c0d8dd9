// Runs the operations of one request in their order and answers with one line: the nonce, and the results as JSON.
// An operation that fails does not stop those after it. Needs `operations`, a map of names to closures.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.kohsuke.stapler.Stapler

def request = Stapler.methods.any { it.name == 'getCurrentRequest2' } ? Stapler.currentRequest2 : Stapler.currentRequest
def envelope = new JsonSlurper().parseText(request.getParameter('input'))

// The output of a script reaches audit logs, so that not even the message of an exception may carry a secret.
def withoutSecrets = { message, secrets ->
    secrets.values().findAll { it instanceof String && it }.inject(message as String) { text, secret -> text.replace(secret, '[secret]') }
}
def results = envelope.calls.collect { call ->
    try {
        [answer: operations[call.operation](call.input, call.secret)]
    } catch (Throwable failure) {
        [failure: withoutSecrets("${failure.class.name}: ${failure.message}", call.secret)]
    }
}
println()
println(envelope.nonce + JsonOutput.toJson(results))
null
