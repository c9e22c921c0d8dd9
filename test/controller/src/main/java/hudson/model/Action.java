package hudson.model;

/** Something with an address of its own below what it belongs to. */
public interface Action {
    /** The first segment of its path, or null for none. */
    String getUrlName();
}
