package hudson.model;

import java.io.IOException;

/** Something that can be in the controller's list of jobs. */
public interface Item {
    String getName();

    void delete() throws IOException;
}
