package hudson.model;

import java.io.IOException;

/** Something that is kept in a file. */
public interface Saveable {
    void save() throws IOException;
}
