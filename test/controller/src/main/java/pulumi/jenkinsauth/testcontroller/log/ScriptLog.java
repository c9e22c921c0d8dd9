package pulumi.jenkinsauth.testcontroller.log;

import hudson.model.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jenkins.util.ScriptListener;

/** The scripts that were posted, oldest first. */
public final class ScriptLog implements ScriptListener {
    private final List<ScriptEntry> entries = new ArrayList<>();

    @Override
    public synchronized void onScriptExecution(String script, Class<?> feature, String correlationId,
            User user) {
        String name = user == null ? null : user.getId();
        entries.add(new ScriptEntry(Instant.now().toString(), script, null, name, correlationId));
    }

    @Override
    public synchronized void onScriptOutput(String output, Class<?> feature, String correlationId,
            User user) {
        entries.replaceAll(entry -> entry.correlationId().equals(correlationId)
                ? new ScriptEntry(entry.time(), entry.script(), output, entry.user(), correlationId)
                : entry);
    }

    public synchronized List<ScriptEntry> entries() {
        return List.copyOf(entries);
    }

    public synchronized void clear() {
        entries.clear();
    }
}
