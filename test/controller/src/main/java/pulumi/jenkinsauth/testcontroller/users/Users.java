package pulumi.jenkinsauth.testcontroller.users;

import hudson.Util;
import hudson.XmlFile;
import hudson.model.User;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.security.UserDetailsCache;
import org.springframework.security.core.AuthenticationException;
import pulumi.jenkinsauth.testcontroller.Core;

/** All users: in memory under their ids, and a folder each on disk. */
public final class Users {
    private static final Logger LOGGER = Logger.getLogger(Users.class.getName());
    private static final ThreadLocal<Boolean> ASKING_REALM = ThreadLocal.withInitial(() -> false);

    private static Users instance;

    private final File root;
    private final UserFolders names = Core.namesFoldersByIds() ? new PlainUserFolders() : new HashedUserFolders();
    private final Map<String, User> byKey = new ConcurrentHashMap<>();

    private Users(File root) {
        this.root = root;
    }

    public static synchronized Users get() {
        if (instance == null) {
            instance = new Users(new File(Jenkins.get().getRootDir(), "users"));
        }
        return instance;
    }

    /** Forgets everybody in memory, and reads who is on disk. */
    public void load() {
        byKey.clear();
        UserDetailsCache.get().invalidateAll();
        names.renameOlder(root);
        folders().parallelStream().forEach(this::load);
    }

    private List<File> folders() {
        File[] folders = root.listFiles(folder -> fileIn(folder).exists());
        return folders == null ? List.of() : List.of(folders);
    }

    private static XmlFile fileIn(File folder) {
        return new XmlFile(User.XSTREAM, new File(folder, "config.xml"));
    }

    private void load(File folder) {
        XmlFile file = fileIn(folder);
        try {
            User user = User.read(file, names.idOf(folder.getName()));
            if (user != null && names.nameFor(user.getId()).equals(folder.getName())) {
                byKey.put(key(user.getId()), user);
            } else {
                LOGGER.warning("Ignoring " + file + ": its folder is not that of the user it names");
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Failed to load " + file, e);
        }
    }

    /**
     * Gives every folder the name that its user has under the realm's present idea of which ids are the
     * same.
     */
    public void rekey() throws IOException {
        for (File folder : folders()) {
            User user = User.read(fileIn(folder), names.idOf(folder.getName()));
            Path wanted = user == null ? folder.toPath() : file(user.getId()).getFile().toPath().getParent();
            if (!Files.exists(wanted)) {
                Files.move(folder.toPath(), wanted);
            }
        }
        load();
    }

    public User byId(String id, String fullName, boolean create) {
        boolean onDisk = names.isThere(root, id);
        User user = byKey.get(key(id));
        if (user != null || !create && !onDisk) {
            return user;
        }
        User fresh = onDisk ? onDisk(id) : User.fresh(id, fullName);
        User earlier = byKey.putIfAbsent(key(id), fresh);
        return earlier != null ? earlier : fresh;
    }

    /** The user of this id, with what the file says that is there, if that is a user's. */
    private User onDisk(String id) {
        try {
            return User.read(file(id), id);
        } catch (IOException e) {
            LOGGER.log(Level.SEVERE, "Failed to load " + file(id), e);
            return User.fresh(id, id);
        }
    }

    /**
     * A user of this id; else one whom the realm knows by it; else one of this full name; else a new one, if
     * told to.
     */
    public User byIdOrFullName(String text, boolean create) {
        User user = byKey.get(key(text));
        if (user != null) {
            return user;
        }
        String id = idInRealm(text);
        if (id == null) {
            id = all().stream()
                    .filter(other -> text.equals(other.getFullName()))
                    .map(User::getId)
                    .findFirst()
                    .orElse(text);
        }
        return byId(id, text, create);
    }

    private static String idInRealm(String name) {
        if (ASKING_REALM.get()) {
            return null;
        }
        ASKING_REALM.set(true);
        try {
            return UserDetailsCache.get().loadUserByUsername(name).getUsername();
        } catch (AuthenticationException e) {
            return null;
        } finally {
            ASKING_REALM.set(false);
        }
    }

    public Collection<User> all() {
        return byKey.values().stream().sorted().toList();
    }

    public XmlFile file(String id) {
        return fileIn(new File(root, names.nameFor(id)));
    }

    public void delete(String id) throws IOException {
        byKey.remove(key(id));
        Util.deleteRecursive(file(id).getFile().getParentFile());
        UserDetailsCache.get().invalidate(id);
    }

    private static String key(String id) {
        return User.idStrategy().keyFor(id);
    }
}
