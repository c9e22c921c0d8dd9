package pulumi.jenkinsauth.testcontroller.log;

import java.util.ArrayList;
import java.util.List;

/** The requests that were served, oldest first. */
public final class RequestLog {
    private final List<RequestEntry> entries = new ArrayList<>();

    synchronized void add(RequestEntry entry) {
        entries.add(entry);
    }

    public synchronized List<RequestEntry> entries() {
        return List.copyOf(entries);
    }

    public synchronized void clear() {
        entries.clear();
    }
}
