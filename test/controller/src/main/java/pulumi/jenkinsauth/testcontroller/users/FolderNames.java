package pulumi.jenkinsauth.testcontroller.users;

import java.util.Locale;
import pulumi.jenkinsauth.testcontroller.Core;

/** How cores that name folders after ids spell them. */
public final class FolderNames {
    /** What Windows keeps for devices. */
    private static final String DEVICE = "con|prn|aux|nul|(com|lpt)[1-9]";

    private static final String PLAIN = "[a-z0-9_. @-]";

    private FolderNames() {}

    /** Where {@code Alice} and {@code alice} are one user. Up to 2.73.2 that is all that is done to an id. */
    public static String ofAnyCase(String id) {
        if (!Core.version().atLeast("2.73.3")) {
            return id.toLowerCase(Locale.ENGLISH);
        }
        return safe(escaped(id).replace("~", ""));
    }

    /** Where they are two. */
    public static String ofThisCase(String id) {
        return Core.version().atLeast("2.73.3") ? safe(escaped(id)) : escaped(id);
    }

    /** What is no plain character as {@code $} and its code, and an upper-case letter behind a {@code ~}. */
    public static String escaped(String id) {
        StringBuilder name = new StringBuilder();
        for (char c : id.toCharArray()) {
            if (c >= 'A' && c <= 'Z') {
                name.append('~').append(Character.toLowerCase(c));
            } else {
                name.append(isPlain(c) ? String.valueOf(c) : hex(c));
            }
        }
        return name.toString();
    }

    /** A name that means nothing else on any file system. */
    private static String safe(String name) {
        if (name.equals(".") || name.isEmpty()) {
            return "$002f";
        }
        if (name.equals("..")) {
            return "$002e$002e";
        }
        if (name.matches(DEVICE) || name.matches("-" + PLAIN + "*")) {
            return hex(name.charAt(0)) + name.substring(1);
        }
        return name.matches(PLAIN + "*\\.") ? name.substring(0, name.length() - 1) + hex('.') : name;
    }

    private static boolean isPlain(char c) {
        return String.valueOf(c).matches(PLAIN);
    }

    private static String hex(char c) {
        return String.format("$%04x", (int) c);
    }
}
