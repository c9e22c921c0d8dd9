package io.jenkins.plugins.casc.yaml;

/** A place that YAML is read from. */
public class YamlSource<T> {
    public final T source;

    public YamlSource(T source) {
        this.source = source;
    }

    public static YamlSource<String> of(String path) {
        return new YamlSource<>(path);
    }

    public String source() {
        return source.toString();
    }
}
