package pulumi.jenkinsauth.testcontroller.jobs;

import hudson.model.FreeStyleProject;
import hudson.model.TopLevelItem;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The jobs in the folder {@code jobs}, as it was when they were read last. */
public final class Jobs {
    private final File root;
    private final Map<String, TopLevelItem> byName = new ConcurrentSkipListMap<>();

    public Jobs(File root) {
        this.root = root;
    }

    public void load() {
        Map<String, TopLevelItem> found = new TreeMap<>();
        File[] folders = root.listFiles(folder -> new File(folder, "config.xml").isFile());
        for (File folder : folders == null ? new File[0] : folders) {
            found.put(folder.getName(), new FreeStyleProject(folder.getName(), folder));
        }
        byName.keySet().retainAll(found.keySet());
        byName.putAll(found);
    }

    public List<TopLevelItem> all() {
        return List.copyOf(byName.values());
    }

    public TopLevelItem get(String name) {
        return byName.get(name);
    }

    public void remove(String name) {
        byName.remove(name);
    }
}
