package hudson.model;

import hudson.ExtensionPoint;

/** A part of a user's configuration. */
public abstract class UserProperty implements Describable<UserProperty>, ExtensionPoint {
    protected transient User user;

    protected void setUser(User user) {
        this.user = user;
    }
}
