package hudson.security;

import java.util.Set;

/** A group as the realm knows it. */
public abstract class GroupDetails {
    public abstract String getName();

    public String getDisplayName() {
        return getName();
    }

    /** Who is in it, or null if the realm does not say. */
    public Set<String> getMembers() {
        return null;
    }
}
