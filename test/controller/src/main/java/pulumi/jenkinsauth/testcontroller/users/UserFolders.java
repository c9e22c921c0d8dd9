package pulumi.jenkinsauth.testcontroller.users;

import java.io.File;

/** How users' folders are named. */
interface UserFolders {
    /** The name of the folder of the user of this id. */
    String nameFor(String id);

    /** The id that the folder's name says, or null if only the file in it does. */
    String idOf(String folder);

    /** Whether a user who is not in memory has a file on disk. */
    boolean isThere(File root, String id);

    /** Gives folders that an older core left there the names of this one, as a controller does when it starts. */
    void renameOlder(File root);
}
