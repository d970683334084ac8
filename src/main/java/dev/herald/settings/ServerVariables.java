package dev.herald.settings;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Finder of misspelt environment variables of the server, {@code QUARKUS_*}. Quarkus warns of unknown properties, but
 * not of unknown variables, and has no list of all names at run time. So a variable is reported if it is nearly one that
 * operators of a hub use.
 */
public final class ServerVariables {
    private static final String PREFIX = "QUARKUS_";

    /** Keys that operators use: those of the documentation, and others of ports, TLS and logging. */
    static final List<String> KEYS = List.of(
            "quarkus.config.locations",
            "quarkus.http.access-log.enabled",
            "quarkus.http.access-log.log-to-file",
            "quarkus.http.access-log.pattern",
            "quarkus.http.host",
            "quarkus.http.insecure-requests",
            "quarkus.http.port",
            "quarkus.http.ssl-port",
            "quarkus.log.console.json.enabled",
            "quarkus.log.console.level",
            "quarkus.log.file.enabled",
            "quarkus.log.file.path",
            "quarkus.log.level",
            "quarkus.profile",
            "quarkus.smallrye-openapi.enabled",
            "quarkus.tls.key-store.pem.0.cert",
            "quarkus.tls.key-store.pem.0.key",
            "quarkus.tls.key-store.p12.path",
            "quarkus.tls.key-store.p12.password",
            "quarkus.tls.reload-period");

    /** Wrong letters of a name that is still recognized. */
    private static final int MOST_ERRORS = 2;

    private static final Pattern INDEX = Pattern.compile("_[0-9]+(?=_|$)");

    private final SmallRyeConfig config;

    public ServerVariables(SmallRyeConfig config) {
        this.config = config;
    }

    /** Variables that are no names of the server's, each with the one that it probably means. */
    public SortedMap<String, String> misspelt() {
        SortedMap<String, String> misspelt = new TreeMap<>();
        Set<String> known = null;
        for (ConfigSource source : config.getConfigSources()) {
            if (source instanceof EnvConfigSource environment) {
                for (String variable : environment.getProperties().keySet()) {
                    if (variable.startsWith(PREFIX)) {
                        known = known == null ? known() : known;
                        nearest(variable, known).ifPresent(nearest -> misspelt.put(variable, nearest));
                    }
                }
            }
        }
        return misspelt;
    }

    private static Optional<String> nearest(String variable, Set<String> known) {
        String name = withoutIndex(variable);
        if (known.contains(name)) {
            return Optional.empty();
        }
        String end = name.substring(PREFIX.length() - 1);
        return KEYS.stream()
                .map(Variables::name)
                .filter(candidate -> candidate.endsWith(end) || distance(name, candidate) <= MOST_ERRORS)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    private static int distance(String name, String candidate) {
        return Spelling.distance(name, withoutIndex(candidate));
    }

    /** Names that the server has, as far as they are listed above or have a value of another source, as a default is. */
    private Set<String> known() {
        Set<String> known = new HashSet<>();
        KEYS.forEach(key -> known.add(withoutIndex(Variables.name(key))));
        for (ConfigSource source : config.getConfigSources()) {
            if (!(source instanceof EnvConfigSource)) {
                source.getPropertyNames().forEach(key -> known.add(withoutIndex(Variables.name(key))));
            }
        }
        return known;
    }

    /** Of lists, each element has the same name. */
    private static String withoutIndex(String variable) {
        return INDEX.matcher(variable).replaceAll("_0");
    }
}
