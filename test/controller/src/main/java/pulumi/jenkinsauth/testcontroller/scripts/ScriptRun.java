package pulumi.jenkinsauth.testcontroller.scripts;

import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import java.io.PrintWriter;
import java.io.StringWriter;
import jenkins.model.Jenkins;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.ImportCustomizer;

/**
 * What became of a script.
 *
 * @param printed what it printed
 * @param value what its last statement was, or null
 * @param failure what it threw, or null
 */
public record ScriptRun(String printed, Object value, Throwable failure) {

    /** Runs a script in the current thread, for its user. */
    public static ScriptRun of(String script) {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.addCompilationCustomizers(
                new ImportCustomizer().addStarImports("jenkins", "jenkins.model", "hudson", "hudson.model"));
        ClassLoader loader = Jenkins.get().getPluginManager().uberClassLoader;
        GroovyShell shell = new GroovyShell(loader, new Binding(), configuration);
        StringWriter printed = new StringWriter();
        shell.setVariable("out", new PrintWriter(printed));
        try {
            Object value = shell.evaluate(script);
            return new ScriptRun(printed.toString(), value, null);
        } catch (Throwable failure) {
            return new ScriptRun(printed.toString(), null, failure);
        }
    }
}
