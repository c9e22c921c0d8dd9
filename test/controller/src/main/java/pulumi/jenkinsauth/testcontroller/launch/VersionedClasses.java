package pulumi.jenkinsauth.testcontroller.launch;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import pulumi.jenkinsauth.testcontroller.versions.Since;
import pulumi.jenkinsauth.testcontroller.versions.Until;
import pulumi.jenkinsauth.testcontroller.versions.Version;

/** Takes out of a class what the version to imitate does not have, by {@link Since} and {@link Until}. */
final class VersionedClasses {
    private static final String SINCE = Type.getDescriptor(Since.class);
    private static final String UNTIL = Type.getDescriptor(Until.class);

    private final Version version;

    VersionedClasses(Version version) {
        this.version = version;
    }

    /** The class as this version has it, or null if it has none of that name. */
    byte[] asOfVersion(byte[] bytecode) {
        String text = new String(bytecode, StandardCharsets.ISO_8859_1);
        if (!text.contains(SINCE) && !text.contains(UNTIL)) {
            return bytecode;
        }
        ClassNode node = new ClassNode();
        new ClassReader(bytecode).accept(node, 0);
        if (isAbsent(node.invisibleAnnotations)) {
            return null;
        }
        node.fields.removeIf(field -> isAbsent(field.invisibleAnnotations));
        node.methods.removeIf(method -> isAbsent(method.invisibleAnnotations));
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    private boolean isAbsent(List<AnnotationNode> annotations) {
        if (annotations == null) {
            return false;
        }
        return annotations.stream()
                .anyMatch(annotation -> annotation.desc.equals(SINCE) && !version.atLeast(value(annotation))
                        || annotation.desc.equals(UNTIL) && version.atLeast(value(annotation)));
    }

    private static String value(AnnotationNode annotation) {
        return (String) annotation.values.get(1);
    }
}
