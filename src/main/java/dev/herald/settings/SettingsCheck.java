package dev.herald.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Check of a configuration against a schema: entry point of this package. Reads each value, and changes nothing. */
public final class SettingsCheck {
    private static final Pattern OURS = Pattern.compile("(?:%([^.]+)\\.)?(herald\\..+)");

    private final Schema schema;
    private final SmallRyeConfig config;

    /** @param config with or without the mappings of the schema */
    public SettingsCheck(Schema schema, SmallRyeConfig config) {
        this.schema = schema;
        this.config = config;
    }

    /** Wrong values and unknown properties, each as a sentence without its end. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (Setting setting : schema.settings()) {
            setting.fault(config.getConfigValue(setting.key())).ifPresent(faults::add);
        }
        unknownProperties()
                .forEach((key, source) -> faults.add(key + " does not exist"
                        + Origin.of(source, Variables.name(key))
                        + schema.nearest(key)
                                .map(nearest -> ": the nearest setting is " + nearest.key())
                                .orElse("")));
        return faults;
    }

    /** Unknown properties with the names of their sources. Variables are no properties: others may set some, too. */
    private SortedMap<String, String> unknownProperties() {
        SortedMap<String, String> unknown = new TreeMap<>();
        for (ConfigSource source : config.getConfigSources()) {
            if (source instanceof EnvConfigSource) {
                continue;
            }
            for (String name : source.getPropertyNames()) {
                Matcher ours = OURS.matcher(name);
                if (ours.matches() && isActive(ours.group(1)) && !schema.has(ours.group(2))) {
                    unknown.putIfAbsent(ours.group(2), source.getName());
                }
            }
        }
        return unknown;
    }

    private boolean isActive(String profile) {
        return profile == null || config.getProfiles().contains(profile);
    }

    /** Environment variables that begin as those of settings, and are none: each with the nearest one, or "none". */
    public SortedMap<String, String> misspeltVariables() {
        SortedMap<String, String> misspelt = new TreeMap<>();
        for (ConfigSource source : config.getConfigSources()) {
            if (source instanceof EnvConfigSource environment) {
                environment.getProperties().forEach((variable, value) -> {
                    if (isMisspelt(variable, value)) {
                        misspelt.put(
                                variable,
                                schema.nearest(variable).map(Setting::variable).orElse("none"));
                    }
                });
            }
        }
        return misspelt;
    }

    private boolean isMisspelt(String variable, String value) {
        String plain = Variables.plain(variable);
        return plain.startsWith(Variables.PREFIX)
                && !schema.hasVariable(plain)
                && !Variables.isOfAService(variable, value);
    }

    /** The values that are configured for keys, for other checks. */
    static Map<String, String> values(SmallRyeConfig config, Pattern keys) {
        SortedMap<String, String> values = new TreeMap<>();
        for (String name : config.getPropertyNames()) {
            if (keys.matcher(name).matches()) {
                String value = config.getConfigValue(name).getValue();
                if (value != null && !value.isBlank()) {
                    values.put(name, value);
                }
            }
        }
        return values;
    }
}
