package jenkins.util;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.User;

/** Is told every script that runs, in full, and everything that it answers: what audit plugins write down. */
public interface ScriptListener extends ExtensionPoint {

    default void onScriptExecution(String script, Class<?> feature, String correlationId, User user) {}

    default void onScriptOutput(String output, Class<?> feature, String correlationId, User user) {}

    static void fireScriptExecution(String script, Class<?> feature, String correlationId, User user) {
        ExtensionList.lookup(ScriptListener.class)
                .forEach(listener -> listener.onScriptExecution(script, feature, correlationId, user));
    }

    static void fireScriptOutput(String output, Class<?> feature, String correlationId, User user) {
        ExtensionList.lookup(ScriptListener.class)
                .forEach(listener -> listener.onScriptOutput(output, feature, correlationId, user));
    }
}
