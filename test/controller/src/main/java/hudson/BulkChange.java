package hudson;

import hudson.model.Saveable;
import java.io.Closeable;
import java.io.IOException;

/**
 * While one is open in a thread, {@link Saveable#save()} of its object writes nothing. Committed, it saves
 * once; aborted, never: what was changed stays in memory alone.
 */
public class BulkChange implements Closeable {
    /** Stands for every object. */
    public static final Saveable ALL = () -> {};

    private static final ThreadLocal<BulkChange> INNERMOST = new ThreadLocal<>();

    private final Saveable saveable;
    private final BulkChange outer;
    private boolean completed;

    public BulkChange(Saveable saveable) {
        this.saveable = saveable;
        this.outer = current();
        INNERMOST.set(this);
    }

    public void commit() throws IOException {
        if (!completed) {
            leave();
            saveable.save();
        }
    }

    public void abort() {
        if (!completed) {
            leave();
        }
    }

    @Override
    public void close() {
        abort();
    }

    private void leave() {
        completed = true;
        if (current() != this) {
            throw new AssertionError("This bulk change is not the innermost one of its thread");
        }
        INNERMOST.set(outer);
    }

    public static BulkChange current() {
        return INNERMOST.get();
    }

    public static boolean contains(Saveable saveable) {
        for (BulkChange change = current(); change != null; change = change.outer) {
            if (change.saveable == saveable || change.saveable == ALL) {
                return true;
            }
        }
        return false;
    }
}
