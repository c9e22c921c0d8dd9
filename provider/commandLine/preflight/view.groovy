// Answers what the controller sees of the request that brought this, and its own address, crumbs and clock. Of headers
// it answers the names, and the values of those alone that tell addresses. The Authorization header is told by its hash,
// which is keyed with `secret.key`, so that what comes back is of no use without it.
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import jenkins.model.Jenkins
import jenkins.model.JenkinsLocationConfiguration
import org.kohsuke.stapler.Stapler

def controller = Jenkins.getInstance()
def request = Stapler.methods.any { it.name == 'getCurrentRequest2' } ? Stapler.currentRequest2 : Stapler.currentRequest
def fingerprint = { String text ->
    def mac = Mac.getInstance('HmacSHA256')
    mac.init(new SecretKeySpec(secret.key.getBytes('US-ASCII'), 'HmacSHA256'))
    mac.doFinal(text.getBytes('UTF-8')).encodeHex().toString()
}
def headers = request.headerNames.toList()*.toLowerCase()
def addresses = ['host', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix']
def authorization = request.getHeader('Authorization')

def issuer = controller.crumbIssuer
// Cores whose crumbs are bound to sessions have a switch against it. Other issuers have rules of their own.
def sessionSwitch = issuer?.class?.name == 'hudson.security.csrf.DefaultCrumbIssuer' ? issuer.class.declaredFields.find { it.name == 'EXCLUDE_SESSION_ID' } : null
sessionSwitch?.accessible = true
[
    now: System.currentTimeMillis(), zone: TimeZone.default.ID,
    configuredUrl: JenkinsLocationConfiguration.get().url,
    headers: headers, addresses: headers.findAll { it in addresses }.collectEntries { [it, request.getHeaders(it).toList().join(', ')] },
    authorization: authorization == null ? null : fingerprint(authorization),
    crumbs: issuer == null ? null : [issuer: issuer.class.name, field: issuer.crumbRequestField, boundToSession: sessionSwitch != null && !sessionSwitch.get(null)],
]
