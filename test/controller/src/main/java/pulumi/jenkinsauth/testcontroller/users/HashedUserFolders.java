package pulumi.jenkinsauth.testcontroller.users;

import hudson.model.User;
import java.io.File;
import java.util.Locale;
import jenkins.security.HMACConfidentialKey;

/**
 * Current cores: up to 14 letters and digits of the id, an underscore, and a code of the id that only this
 * controller can make. There is no list of users beside the folders.
 */
final class HashedUserFolders implements UserFolders {
    private static final int PREFIX_LENGTH = 14;

    private final HMACConfidentialKey key = new HMACConfidentialKey(User.class, "DIRNAMES");

    @Override
    public String nameFor(String id) {
        String letters = id.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
        String prefix = letters.substring(0, Math.min(PREFIX_LENGTH, letters.length()));
        return prefix + '_' + key.mac(User.idStrategy().keyFor(id));
    }

    @Override
    public String idOf(String folder) {
        return null;
    }

    @Override
    public boolean isThere(File root, String id) {
        return false;
    }

    @Override
    public void renameOlder(File root) {
        File[] older = root.listFiles(folder -> folder.isDirectory() && !folder.getName().matches(".*_[0-9a-f]{64}"));
        for (File folder : older == null ? new File[0] : older) {
            File wanted = new File(root, nameFor(new PlainUserFolders().idOf(folder.getName())));
            if (!wanted.exists() && !folder.renameTo(wanted)) {
                throw new IllegalStateException("Cannot rename " + folder + " to " + wanted);
            }
        }
    }
}
