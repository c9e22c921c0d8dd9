package pulumi.jenkinsauth.testcontroller.users;

import java.io.File;
import java.util.Locale;

/**
 * Cores of the time of 2.107: the id itself, in lower case, with what is no plain character as {@code $} and
 * its code.
 */
final class PlainUserFolders implements UserFolders {

    @Override
    public String nameFor(String id) {
        StringBuilder name = new StringBuilder();
        for (char c : id.toLowerCase(Locale.ENGLISH).toCharArray()) {
            boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "_. @-".indexOf(c) >= 0;
            name.append(plain ? String.valueOf(c) : String.format("$%04x", (int) c));
        }
        return name.toString();
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
}
