package pulumi.jenkinsauth.testcontroller.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What {@code plugins/<short name>.properties} says of a plugin that can be imitated: the version to take if
 * none is asked for, which packages and classes are behind its class loader, its extensions, and what it
 * depends on.
 */
public record PluginDefinition(
        String shortName,
        String longName,
        String version,
        List<String> packages,
        List<String> classes,
        List<String> extensions,
        List<String> dependencies) {

    /** Every plugin that this program has classes for. */
    public static final List<String> KNOWN = List.of(
            "mailer", "ldap", "reverse-proxy-auth-plugin", "url-auth-sso-plugin", "configuration-as-code");

    public static PluginDefinition of(String shortName) {
        Properties properties = new Properties();
        try (InputStream in = PluginDefinition.class
                .getResourceAsStream("/plugins/" + shortName + ".properties")) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "no plugin \"" + shortName + "\" here; there are " + String.join(", ", KNOWN));
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PluginDefinition(
                shortName,
                properties.getProperty("longName"),
                properties.getProperty("version"),
                list(properties, "packages"),
                list(properties, "classes"),
                list(properties, "extensions"),
                list(properties, "dependencies"));
    }

    public boolean owns(String className) {
        String outermost = className.contains("$")
                ? className.substring(0, className.indexOf('$'))
                : className;
        return classes.contains(outermost)
                || packages.stream().anyMatch(name -> className.startsWith(name + "."));
    }

    private static List<String> list(Properties properties, String key) {
        return Stream.of(properties.getProperty(key, "").split(","))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
