package hudson.model;

import hudson.PluginManager;
import jakarta.servlet.ServletContext;
import java.io.File;
import jenkins.model.Jenkins;

/** The class that the controller is of, and that its permissions and its file are named after. */
public class Hudson extends Jenkins {

    public Hudson(File root, ServletContext context, PluginManager plugins) {
        super(root, context, plugins);
    }

    public static Hudson getInstance() {
        return (Hudson) Jenkins.get();
    }
}
