package hudson.security;

/** Permissions that belong together. */
public final class PermissionGroup {
    public final Class<?> owner;
    public final String title;

    public PermissionGroup(Class<?> owner, String title) {
        this.owner = owner;
        this.title = title;
    }
}
