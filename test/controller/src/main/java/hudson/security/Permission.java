package hudson.security;

import hudson.model.Hudson;

/** Something that a user may or may not do. */
public final class Permission {
    public static final PermissionGroup HUDSON_PERMISSIONS = new PermissionGroup(Hudson.class, "Overall");
    public static final Permission HUDSON_ADMINISTER = new Permission(HUDSON_PERMISSIONS, "Administer", null);
    public static final Permission READ = new Permission(new PermissionGroup(Permission.class, "N/A"),
            "GenericRead", null);

    public final Class<?> owner;
    public final PermissionGroup group;
    public final String name;
    /** Who has that permission has this one too. */
    public final Permission impliedBy;

    public Permission(PermissionGroup group, String name, Permission impliedBy) {
        this.owner = group.owner;
        this.group = group;
        this.name = name;
        this.impliedBy = impliedBy;
    }

    public String getId() {
        return owner.getName() + "." + name;
    }

    @Override
    public String toString() {
        return "Permission[" + owner + "," + name + "]";
    }
}
