package hudson.model;

import hudson.ExtensionPoint;

/** What all objects of a describable class have in common. */
public abstract class Descriptor<T extends Describable<T>> implements ExtensionPoint {
    public final Class<? extends T> clazz;

    protected Descriptor(Class<? extends T> clazz) {
        this.clazz = clazz;
    }

    public String getId() {
        return clazz.getName();
    }

    public String getDisplayName() {
        return clazz.getSimpleName();
    }
}
