package hudson.model;

/** Gives every user a property of its class, unless it answers none. */
public abstract class UserPropertyDescriptor extends Descriptor<UserProperty> {

    protected UserPropertyDescriptor(Class<? extends UserProperty> clazz) {
        super(clazz);
    }

    /** The property for a user who has none yet, or null. */
    public abstract UserProperty newInstance(User user);
}
