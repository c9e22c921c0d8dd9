package pulumi.jenkinsauth.testcontroller.users;

import hudson.model.User;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import pulumi.jenkinsauth.testcontroller.Core;

/**
 * Cores of the time of 1.651 and 2.107: the id itself, spelt as the realm's idea of which ids are the same has
 * it.
 */
final class PlainUserFolders implements UserFolders {
    private static final Logger LOGGER = Logger.getLogger(PlainUserFolders.class.getName());

    @Override
    public String nameFor(String id) {
        return User.idStrategy().filenameOf(id);
    }

    @Override
    public String idOf(String folder) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < folder.length(); i++) {
            if (folder.charAt(i) == '$' && folder.substring(i).matches("\\$[0-9a-f]{4}.*")) {
                id.append((char) Integer.parseInt(folder.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                id.append(folder.charAt(i));
            }
        }
        return id.toString();
    }

    @Override
    public void renameOlder(File root) {
        // There is no older core here.
    }

    /**
     * From 2.73.3 to 2.121.1 a mere lookup moves the file that an older core would have kept, whatever file that
     * is.
     */
    @Override
    public boolean isThere(File root, String id) {
        Path file = root.toPath().resolve(nameFor(id)).resolve("config.xml");
        if (Core.version().atLeast("2.73.3")) {
            Path older = root.toPath().resolve(User.idStrategy().legacyFilenameOf(id)).resolve("config.xml");
            if (Files.exists(older) && !older.equals(file) && !Files.exists(file)) {
                move(older, file);
            }
        }
        return Files.exists(file);
    }

    private static void move(Path older, Path file) {
        try {
            Files.createDirectory(file.getParent());
            Files.move(older, file);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Failed to migrate user record from " + older + " to " + file, e);
        }
    }
}
