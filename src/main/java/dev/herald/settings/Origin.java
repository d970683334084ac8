package dev.herald.settings;

import io.smallrye.config.ConfigValue;

/** Where a value was configured, as a suffix of messages such as " (environment variable HERALD_DRAIN)". */
final class Origin {
    private static final String FILE = "[source=";

    private Origin() {}

    static String of(ConfigValue value, String variable) {
        return of(value.getConfigSourceName(), variable);
    }

    /** @param source name of a source of SmallRye Config; null if the value is not configured */
    static String of(String source, String variable) {
        if (source == null) {
            return "";
        }
        int file = source.indexOf(FILE);
        if (file >= 0) {
            return " (" + source.substring(file + FILE.length(), source.length() - 1) + ")";
        }
        if (source.startsWith("EnvConfigSource")) {
            return " (environment variable " + variable + ")";
        }
        return source.startsWith("SysPropConfigSource") ? " (system property)" : "";
    }
}
