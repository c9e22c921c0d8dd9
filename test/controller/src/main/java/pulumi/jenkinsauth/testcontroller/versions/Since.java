package pulumi.jenkinsauth.testcontroller.versions;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * The first version of the core, or of its plugin, that has this class or member. Where an older one is
 * imitated, it is taken out of the class as it is loaded, so that scripts find what they would find there:
 * nothing.
 */
@Retention(RetentionPolicy.CLASS)
public @interface Since {
    String value();
}
