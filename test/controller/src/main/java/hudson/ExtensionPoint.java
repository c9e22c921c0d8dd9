package hudson;

/** Something that core and plugins can bring implementations of. */
public interface ExtensionPoint {}
