package pulumi.jenkinsauth.testcontroller.launch;

import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resource that Stapler's annotation processor would have made for a class with a data-bound
 * constructor.
 */
final class DataBound {
    private static final String ANNOTATION = "org.kohsuke.stapler.DataBoundConstructor";

    private DataBound() {}

    /** The bytes of the properties file, or null if the class is missing or has no such constructor. */
    static byte[] staplerResource(ClassLoader loader, String className) {
        try {
            return Stream.of(loader.loadClass(className).getDeclaredConstructors())
                    .filter(DataBound::isDataBound)
                    .findFirst()
                    .map(constructor -> "constructor=" + names(constructor) + "\n")
                    .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                    .orElse(null);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static boolean isDataBound(Constructor<?> constructor) {
        return Stream.of(constructor.getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().getName().equals(ANNOTATION));
    }

    private static String names(Constructor<?> constructor) {
        return Stream.of(constructor.getParameters()).map(Parameter::getName)
                .collect(Collectors.joining(","));
    }
}
