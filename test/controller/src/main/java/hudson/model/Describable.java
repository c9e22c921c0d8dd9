package hudson.model;

/** Something that is described by a {@link Descriptor}. */
public interface Describable<T extends Describable<T>> {}
