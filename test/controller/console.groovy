// A console for tests. It runs the Groovy that is posted to it as Jenkins itself, without a login, and answers what
// was printed: tests reach a controller by it under any realm. In the init.groovy.d of a controller that anything
// depends on, it would be a hole: it belongs on controllers for tests alone.
//
// It listens on loopback, on port 18081 or on the one of -DtestConsole.port:
//   TEST_CONTROLLER_CONSOLE=http://127.0.0.1:18081/
import com.sun.net.httpserver.HttpServer
import hudson.security.ACL
import java.util.concurrent.Executors
import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.customizers.ImportCustomizer

def settings = new CompilerConfiguration()
settings.addCompilationCustomizers(
    new ImportCustomizer().addStarImports('jenkins', 'jenkins.model', 'hudson', 'hudson.model'))
def classes = jenkins.model.Jenkins.instance.pluginManager.uberClassLoader
def asJenkins = { ACL.methods.any { it.name == 'as2' } ? ACL.as2(ACL.SYSTEM2) : ACL.'as'(ACL.SYSTEM) }

def run = { String script ->
    def printed = new StringWriter()
    def out = new PrintWriter(printed)
    def identity = asJenkins()
    try {
        new GroovyShell(classes, new Binding(out: out), settings).evaluate(script)
        [200, printed]
    } catch (Throwable failure) {
        failure.printStackTrace(out)
        [500, printed]
    } finally {
        identity.close()
    }
}

def server = HttpServer.create(
    new InetSocketAddress(InetAddress.loopbackAddress, Integer.getInteger('testConsole.port', 18081)), 0)
server.executor = Executors.newCachedThreadPool { work ->
    def thread = new Thread(work, 'console for tests')
    thread.daemon = true
    thread
}
server.createContext('/') { exchange ->
    // Browsers say where a request comes from: a page that is open on this machine must not get in.
    def allowed = exchange.requestMethod == 'POST' && !exchange.requestHeaders.containsKey('Origin')
    def (status, text) = allowed ? run(exchange.requestBody.getText('UTF-8')) : [403, 'This takes Groovy by POST.']
    def bytes = text.toString().getBytes('UTF-8')
    exchange.sendResponseHeaders(status, bytes.length ?: -1)
    exchange.responseBody.withStream { it.write(bytes) }
    exchange.close()
}
server.start()
