package hudson;

import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The extensions of one kind. */
public class ExtensionList<T> extends AbstractList<T> {
    private static final List<Object> EVERYTHING = new CopyOnWriteArrayList<>();

    private final List<T> extensions;

    private ExtensionList(Class<T> type) {
        extensions = EVERYTHING.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Makes the extension known; here nothing is found by scanning jars. */
    public static void register(Object extension) {
        EVERYTHING.add(extension);
    }

    public static <T> ExtensionList<T> lookup(Class<T> type) {
        return new ExtensionList<>(type);
    }

    public static <T> T lookupSingleton(Class<T> type) {
        ExtensionList<T> found = lookup(type);
        if (found.size() != 1) {
            throw new IllegalStateException(
                    "Expected 1 instance of " + type.getName() + " but got " + found.size());
        }
        return found.get(0);
    }

    /** The first extension of exactly this class, or null. */
    public <U extends T> U get(Class<U> type) {
        return extensions.stream().filter(e -> e.getClass() == type).map(type::cast).findFirst().orElse(null);
    }

    public <U extends T> U getInstance(Class<U> type) {
        U found = get(type);
        if (found == null) {
            throw new IllegalStateException("No " + type.getName() + " is registered");
        }
        return found;
    }

    @Override
    public T get(int index) {
        return extensions.get(index);
    }

    @Override
    public int size() {
        return extensions.size();
    }
}
