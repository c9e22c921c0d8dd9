package io.jenkins.plugins.casc;

import java.io.IOException;

/** The configuration cannot be read, or cannot be applied. */
public class ConfiguratorException extends IOException {
    public ConfiguratorException(String message) {
        super(message);
    }

    public ConfiguratorException(String message, Throwable cause) {
        super(message, cause);
    }
}
