package dev.herald.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import io.smallrye.config.SmallRyeConfig;

/**
 * Files of the TLS configuration ({@code quarkus.tls.*}, {@code quarkus.http.ssl.*}): whether each can be read, and
 * those in PEM contain what they must; and whether the configuration that {@code herald.admin.tls} names has any. Quarkus
 * reports such a file with a stack trace, and in part only after the log is open.
 */
public final class TlsFiles {
    private static final String HTTP = "quarkus\\.http\\.ssl\\.certificate\\.";
    private static final String TLS = "quarkus\\.tls\\.(.+\\.)?";
    /** Without the mappings of Quarkus, a variable has a dot for each hyphen. */
    private static final String HYPHEN = "[.-]";

    private static final Map<String, Pattern> KEYS = Map.of(
            "CERTIFICATE-----",
            Pattern.compile(HTTP + "files|" + TLS + "key-store\\.pem\\..+\\.cert|" + TLS + "trust-store\\.pem\\.certs"),
            "PRIVATE KEY-----",
            Pattern.compile(HTTP + "key" + HYPHEN + "files|" + TLS + "key-store\\.pem\\..+\\.key"),
            "",
            Pattern.compile(HTTP + "(key|trust)" + HYPHEN + "store" + HYPHEN + "files?|" + TLS
                    + "(key|trust)-store\\.(p12|jks)\\.path"));

    private static final String ADMIN = "herald.admin.tls";

    /** Name of the configuration without a name. */
    private static final String DEFAULT = "default";

    private static final String BEGIN = "-----BEGIN ";
    private static final int MAX_BYTES = 1 << 20;

    private final SmallRyeConfig config;

    /** @param config with the settings of Quarkus' TLS */
    public TlsFiles(SmallRyeConfig config) {
        this.config = config;
    }

    /** The files that cannot be used, each as a sentence without its end. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        KEYS.forEach((label, keys) -> SettingsCheck.values(config, keys).forEach((key, paths) -> {
            for (String path : paths.split(",")) {
                fault(key, path.strip(), label).ifPresent(faults::add);
            }
        }));
        config.getOptionalValue(ADMIN, String.class)
                .filter(name -> !hasKeyStore(name))
                .ifPresent(name -> faults.add(ADMIN + " must name a TLS configuration that has a certificate ("
                        + prefix(name) + "key-store.pem.0.cert and .key); '" + name + "' has none"));
        return faults;
    }

    private boolean hasKeyStore(String name) {
        String named = Pattern.quote("quarkus.tls." + name + ".") + "|" + Pattern.quote(prefix(name));
        return !SettingsCheck.values(config, Pattern.compile("(" + named + ")key" + HYPHEN + "store\\..+"))
                .isEmpty();
    }

    private static String prefix(String name) {
        return name.equals(DEFAULT) ? "quarkus.tls." : "quarkus.tls." + name + ".";
    }

    /** @param label what the first line of a block in PEM ends with; empty if the file is not in PEM */
    private static Optional<String> fault(String key, String path, String label) {
        Optional<String> fault = ReadableFile.fault(path);
        if (fault.isPresent()) {
            return Optional.of(key + " must be a file that this user may read; " + fault.get());
        }
        try (InputStream file = Files.newInputStream(Path.of(path))) {
            String text = new String(file.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
            boolean valid = label.isEmpty() || text.contains(BEGIN) && text.contains(label);
            return valid
                    ? Optional.empty()
                    : Optional.of(key + " must be a file in PEM with a line '" + BEGIN + "… " + label + "'; '" + path
                            + "' has none");
        } catch (IOException e) {
            return Optional.of(key + " must be a file that this user may read; '" + path + "' cannot be read");
        }
    }
}
