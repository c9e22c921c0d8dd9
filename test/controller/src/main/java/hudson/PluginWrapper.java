package hudson;

/** An installed plugin. */
public class PluginWrapper {
    /** Loads the classes of this plugin. */
    public final ClassLoader classLoader;

    private final String shortName;
    private final String longName;
    private final String version;

    PluginWrapper(String shortName, String longName, String version, ClassLoader classLoader) {
        this.shortName = shortName;
        this.longName = longName;
        this.version = version;
        this.classLoader = classLoader;
    }

    public String getShortName() {
        return shortName;
    }

    public String getLongName() {
        return longName;
    }

    public String getDisplayName() {
        return longName;
    }

    public String getVersion() {
        return version;
    }

    public boolean isActive() {
        return true;
    }

    public boolean isEnabled() {
        return true;
    }

    @Override
    public String toString() {
        return "Plugin:" + shortName;
    }
}
