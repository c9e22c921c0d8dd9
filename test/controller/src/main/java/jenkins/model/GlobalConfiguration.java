package jenkins.model;

import hudson.BulkChange;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.XmlFile;
import hudson.model.Saveable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A part of the controller's configuration, in a file that is named after its class. */
public abstract class GlobalConfiguration implements ExtensionPoint, Saveable {

    public static ExtensionList<GlobalConfiguration> all() {
        return ExtensionList.lookup(GlobalConfiguration.class);
    }

    public void load() {
        try {
            if (file().exists()) {
                file().unmarshal(this);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void save() {
        if (!BulkChange.contains(this)) {
            try {
                file().write(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private XmlFile file() {
        return new XmlFile(new File(Jenkins.get().getRootDir(), getClass().getName() + ".xml"));
    }
}
