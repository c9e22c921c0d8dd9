package pulumi.jenkinsauth.testcontroller;

import hudson.ExtensionPoint;
import java.io.IOException;

/** An extension that does something when the configuration, the users and the jobs have been read. */
public interface Startable extends ExtensionPoint {
    /** What it throws keeps the controller from coming up. */
    void start() throws IOException;
}
