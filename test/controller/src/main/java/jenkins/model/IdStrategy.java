package jenkins.model;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Locale;
import org.kohsuke.stapler.DataBoundConstructor;
import pulumi.jenkinsauth.testcontroller.Core;
import pulumi.jenkinsauth.testcontroller.users.FolderNames;
import pulumi.jenkinsauth.testcontroller.versions.Since;

/** When two user ids, or two names of groups, are the same one. */
public abstract class IdStrategy implements Describable<IdStrategy>, ExtensionPoint, Comparator<String> {
    public static IdStrategy CASE_INSENSITIVE = new CaseInsensitive();

    /** What is the same for ids that are the same. */
    public abstract String keyFor(String id);

    /** The folder of a user of this id; null on cores whose folders are not named after ids. */
    public String filenameOf(String id) {
        return null;
    }

    /** Where a core from before 2.73.3 kept such a user. */
    @Since("2.73.3")
    public String legacyFilenameOf(String id) {
        return filenameOf(id);
    }

    public boolean equals(String id, String other) {
        return compare(id, other) == 0;
    }

    @Override
    public int compare(String id, String other) {
        return keyFor(id).compareTo(keyFor(other));
    }

    @Override
    public boolean equals(Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public int hashCode() {
        return getClass().hashCode();
    }

    public static class CaseInsensitive extends IdStrategy implements Serializable {
        @DataBoundConstructor
        public CaseInsensitive() {}

        @Override
        public String keyFor(String id) {
            return id.toLowerCase(Locale.ENGLISH);
        }

        @Override
        public String filenameOf(String id) {
            return Core.namesFoldersByIds() ? FolderNames.ofAnyCase(id) : null;
        }

        @Override
        @Since("2.73.3")
        public String legacyFilenameOf(String id) {
            return Core.namesFoldersByIds() ? keyFor(id) : null;
        }
    }

    public static class CaseSensitive extends IdStrategy implements Serializable {
        @DataBoundConstructor
        public CaseSensitive() {}

        @Override
        public String keyFor(String id) {
            return id;
        }

        @Override
        public String filenameOf(String id) {
            return Core.namesFoldersByIds() ? FolderNames.ofThisCase(keyFor(id)) : null;
        }

        @Override
        @Since("2.73.3")
        public String legacyFilenameOf(String id) {
            return Core.namesFoldersByIds() ? FolderNames.escaped(id) : null;
        }
    }

    public static class CaseSensitiveEmailAddress extends CaseSensitive {
        @DataBoundConstructor
        public CaseSensitiveEmailAddress() {}

        @Override
        public String keyFor(String id) {
            int at = id.lastIndexOf('@');
            return at < 0 ? id : id.substring(0, at) + id.substring(at).toLowerCase(Locale.ENGLISH);
        }
    }
}
