package pulumi.jenkinsauth.testcontroller.log;

/**
 * A script that was posted, as audit plugins are told of it.
 *
 * @param script its full text
 * @param output everything that it answered, or null while it runs
 * @param user who posted it
 */
public record ScriptEntry(String time, String script, String output, String user, String correlationId) {}
