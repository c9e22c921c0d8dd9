package hudson.util;

import hudson.Functions;
import hudson.model.User;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.UUID;
import jenkins.util.ScriptListener;
import pulumi.jenkinsauth.testcontroller.scripts.ScriptRun;

/** Runs what is posted to the script console. */
public final class RemotingDiagnostics {

    private RemotingDiagnostics() {}

    /** What the script printed, then its value if it has one, then the stack trace if it threw. */
    public static String executeGroovy(String script) {
        String correlationId = UUID.randomUUID().toString();
        ScriptListener.fireScriptExecution(script, RemotingDiagnostics.class, correlationId, User.current());
        String output = outputOf(ScriptRun.of(script));
        ScriptListener.fireScriptOutput(output, RemotingDiagnostics.class, correlationId, User.current());
        return output;
    }

    private static String outputOf(ScriptRun run) {
        StringWriter output = new StringWriter();
        PrintWriter printer = new PrintWriter(output);
        printer.print(run.printed());
        if (run.value() != null) {
            printer.println("Result: " + run.value());
        }
        if (run.failure() != null) {
            Functions.printStackTrace(run.failure(), printer);
        }
        return output.toString();
    }
}
