package hudson.model;

import hudson.Util;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import jenkins.model.Jenkins;

/** A job, with the builds and permalinks that are in its folder. */
public abstract class Job implements TopLevelItem {
    private final String name;
    private final File rootDir;

    protected Job(String name, File rootDir) {
        this.name = name;
        this.rootDir = rootDir;
    }

    @Override
    public String getName() {
        return name;
    }

    public String getFullName() {
        return name;
    }

    public File getRootDir() {
        return rootDir;
    }

    /**
     * The folder of a build, by its number or a permalink such as {@code lastSuccessfulBuild}; null if there
     * is none.
     */
    public File getBuildDir(String numberOrPermalink) throws IOException {
        File builds = new File(rootDir, "builds");
        String number = numberOrPermalink.matches("\\d+")
                ? numberOrPermalink
                : permalink(builds, numberOrPermalink);
        File build = number == null ? null : new File(builds, number);
        return build != null && new File(build, "build.xml").isFile() ? build : null;
    }

    private static String permalink(File builds, String name) throws IOException {
        File file = new File(builds, "permalinks");
        if (!file.isFile()) {
            return null;
        }
        return Files.readAllLines(file.toPath()).stream()
                .map(line -> line.split(" ", 2))
                .filter(parts -> parts.length == 2 && parts[0].equals(name))
                .map(parts -> parts[1])
                .findFirst()
                .orElse(null);
    }

    @Override
    public void delete() throws IOException {
        Jenkins.get().onDeleted(this);
        Util.deleteRecursive(rootDir);
    }
}
