package dev.herald.settings;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;

/** All settings of some {@code @ConfigMapping} interfaces, read from their methods. Immutable. */
public final class Schema {
    /** End of the key of the elements of a list, which SmallRye Config names beside the list itself. */
    private static final String LIST_ELEMENT = "[*]";

    private final SortedMap<String, Setting> settings = new TreeMap<>();

    private Schema() {}

    /** Reads the interfaces, by reflection: in a native image, they must be registered for it. */
    public static Schema of(List<Class<?>> mappings) {
        Schema schema = new Schema();
        for (Class<?> mapping : mappings) {
            ConfigMappings.getProperties(ConfigClass.configClass(mapping)).forEach((key, property) -> {
                if (!key.endsWith(LIST_ELEMENT)) {
                    schema.settings.put(key, Setting.of(key, property));
                }
            });
        }
        return schema;
    }

    /** The settings in the order of their keys. */
    public Collection<Setting> settings() {
        return settings.values();
    }

    /** Whether a key, or the key of an element of a list, is that of a setting. */
    boolean has(String key) {
        return settings.containsKey(key.replaceFirst("\\[[0-9]+]$", ""));
    }

    boolean hasVariable(String variable) {
        return settings.values().stream().anyMatch(setting -> setting.variable().equals(variable));
    }

    /** The setting that a misspelt key or variable probably means. */
    Optional<Setting> nearest(String name) {
        return Spelling.nearest(
                        Variables.plain(name),
                        settings.values().stream().map(Setting::variable).toList())
                .flatMap(variable -> settings.values().stream()
                        .filter(setting -> setting.variable().equals(variable))
                        .findFirst());
    }
}
