package pulumi.jenkinsauth.testcontroller.users;

/** How users' folders are named. */
interface UserFolders {
    /** The name of the folder of the user of this id. */
    String nameFor(String id);

    /** The id that the folder's name says, or null if only the file in it does. */
    String idOf(String folder);
}
