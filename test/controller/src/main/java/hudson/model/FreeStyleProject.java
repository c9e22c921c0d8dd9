package hudson.model;

import java.io.File;

/** What every folder in {@code jobs} is taken for. */
public class FreeStyleProject extends Job {
    public FreeStyleProject(String name, File rootDir) {
        super(name, rootDir);
    }
}
