package io.jenkins.plugins.casc.yaml;

import io.jenkins.plugins.casc.ConfigurationContext;
import io.jenkins.plugins.casc.ConfiguratorException;
import io.jenkins.plugins.casc.model.CNode;
import io.jenkins.plugins.casc.model.Mapping;
import io.jenkins.plugins.casc.model.Scalar;
import io.jenkins.plugins.casc.model.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads YAML, and merges what several sources say, without applying any of it. */
public final class YamlUtils {
    private YamlUtils() {}

    public static Mapping loadFrom(List<YamlSource> sources, ConfigurationContext context)
            throws ConfiguratorException {
        Mapping merged = new Mapping();
        for (YamlSource<?> source : sources) {
            Object document = read(source.source());
            if (document instanceof Map<?, ?> map) {
                merge(merged, mapping(map), source.source());
            } else if (document != null) {
                throw new ConfiguratorException("The YAML of " + source.source() + " is no mapping");
            }
        }
        return merged;
    }

    /** What is no YAML at all is an error of the parser's own, which quotes the lines before and after it. */
    private static Object read(String path) throws ConfiguratorException {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(Path.of(path)));
        } catch (MarkedYAMLException e) {
            throw new NamedYamlException(path, e);
        } catch (IOException e) {
            throw new ConfiguratorException("Failed to read YamlSource: " + path, e);
        }
    }

    /** The parser's error, with the name of the source in its place. */
    private static final class NamedYamlException extends MarkedYAMLException {
        NamedYamlException(String source, MarkedYAMLException error) {
            super(error.getContext(), null, error.getProblem(), named(source, error.getProblemMark()));
        }

        private static Mark named(String source, Mark mark) {
            return new Mark(
                    source, mark.getIndex(), mark.getLine(), mark.getColumn(), mark.getBuffer(),
                    mark.getPointer());
        }
    }

    private static void merge(Mapping target, Mapping more, String source) throws ConfiguratorException {
        for (Map.Entry<String, CNode> entry : more.entrySet()) {
            CNode present = target.get(entry.getKey());
            if (present == null) {
                target.put(entry.getKey(), entry.getValue());
            } else if (present instanceof Mapping known && entry.getValue() instanceof Mapping addition) {
                merge(known, addition, source);
            } else {
                throw new ConfiguratorException(
                        "Merging: " + source + " has an incompatible " + entry.getKey());
            }
        }
    }

    private static CNode node(Object value) {
        if (value instanceof Map<?, ?> map) {
            return mapping(map);
        }
        if (value instanceof List<?> list) {
            Sequence sequence = new Sequence();
            list.forEach(item -> sequence.add(node(item)));
            return sequence;
        }
        return value == null ? null : new Scalar(value.toString());
    }

    private static Mapping mapping(Map<?, ?> map) {
        Mapping mapping = new Mapping();
        map.forEach((key, value) -> mapping.put(String.valueOf(key), node(value)));
        return mapping;
    }
}
