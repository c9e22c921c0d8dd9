package pulumi.jenkinsauth.testcontroller.versions;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * The first version of the core, or of its plugin, that no longer has this class or member. See
 * {@link Since}.
 */
@Retention(RetentionPolicy.CLASS)
public @interface Until {
    String value();
}
