package pulumi.jenkinsauth.testcontroller;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import pulumi.jenkinsauth.testcontroller.scripts.ScriptRun;

/**
 * The scripts in {@code init.groovy.d}, in the order of their names, as the last thing before the controller
 * is up.
 */
final class InitScripts {
    private static final Logger LOGGER = Logger.getLogger(InitScripts.class.getName());

    private InitScripts() {}

    static void run(File home) throws IOException {
        File[] scripts = new File(home, "init.groovy.d")
                .listFiles((folder, name) -> name.endsWith(".groovy"));
        if (scripts == null) {
            return;
        }
        Arrays.sort(scripts);
        for (File script : scripts) {
            ScriptRun run = ScriptRun.of(Files.readString(script.toPath()));
            if (run.failure() != null) {
                LOGGER.log(Level.WARNING, "Failed to run script " + script, run.failure());
            }
        }
    }
}
