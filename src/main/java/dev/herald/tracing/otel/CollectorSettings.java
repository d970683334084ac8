package dev.herald.tracing.otel;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The standard variables of OpenTelemetry that configure the export of spans (OpenTelemetry specification, "Environment
 * Variable Specification" and "OTLP Exporter"). Each can also be a property, such as {@code otel.service.name}. An
 * empty value counts as absent. Reads once, when created; needs no class of OpenTelemetry.
 */
public final class CollectorSettings {
    private static final String OTLP = "OTEL_EXPORTER_OTLP_";
    private static final String OTLP_TRACES = "OTEL_EXPORTER_OTLP_TRACES_";
    private static final String ENDPOINT = "ENDPOINT";
    private static final String PATH = "v1/traces";
    private static final String PROTOCOL = "http/protobuf";
    private static final int DEFAULT_TIMEOUT_MILLIS = 10_000;
    private static final int LARGEST_TIMEOUT_MILLIS = 60_000;
    private static final String DEFAULT_SAMPLER = "parentbased_always_on";
    private static final List<String> SAMPLERS = List.of(
            "always_on",
            "always_off",
            "traceidratio",
            DEFAULT_SAMPLER,
            "parentbased_always_off",
            "parentbased_traceidratio");

    /** Token of RFC 9110 §5.6.2. */
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");
    private static final Pattern NAME = Pattern.compile("\\S+");
    private static final Pattern ANY = Pattern.compile("\\P{Cntrl}*");

    private final Function<String, Optional<String>> variables;
    private final List<String> faults = new ArrayList<>();
    private final boolean disabled;
    private final URI endpoint;
    private final Map<String, String> headers;
    private final Optional<Path> certificate;
    private final Duration timeout;
    private final String sampler;
    private final double ratio;
    private final Map<String, String> resource;

    /** @param properties value of a property such as {@code otel.service.name}, or of its variable */
    public CollectorSettings(Function<String, Optional<String>> properties) {
        this.variables = name -> properties
                .apply(name.toLowerCase(Locale.ROOT).replace('_', '.'))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
        this.disabled =
                choice("OTEL_SDK_DISABLED", List.of("true", "false"), "false").equals("true");
        exporter(OTLP, OTLP_TRACES, "PROTOCOL").ifPresent(name -> choice(name, List.of(PROTOCOL), PROTOCOL));
        this.endpoint = readEndpoint();
        this.headers = exporter(OTLP, OTLP_TRACES, "HEADERS")
                .map(name -> pairs(name, HEADER_NAME, HEADER_VALUE))
                .orElse(Map.of());
        this.certificate = exporter(OTLP, OTLP_TRACES, "CERTIFICATE").flatMap(this::file);
        this.timeout = exporter(OTLP, OTLP_TRACES, "TIMEOUT")
                .map(this::millis)
                .orElse(Duration.ofMillis(DEFAULT_TIMEOUT_MILLIS));
        this.sampler = choice("OTEL_TRACES_SAMPLER", SAMPLERS, DEFAULT_SAMPLER);
        this.ratio = ratio("OTEL_TRACES_SAMPLER_ARG");
        this.resource = readResource();
    }

    /** The values that cannot be used, each as a sentence without its end. Values of headers are not part of one. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** Whether {@code OTEL_SDK_DISABLED} turns tracing off, whatever the hub's own setting. */
    public boolean disabled() {
        return disabled;
    }

    /** URL that spans are posted to. */
    URI endpoint() {
        return endpoint;
    }

    private URI readEndpoint() {
        Optional<String> own = value(OTLP_TRACES + ENDPOINT);
        if (own.isPresent()) {
            return url(OTLP_TRACES + ENDPOINT, own.get());
        }
        String base = value(OTLP + ENDPOINT).orElse("http://localhost:4318");
        return url(OTLP + ENDPOINT, base.endsWith("/") ? base + PATH : base + "/" + PATH);
    }

    Map<String, String> headers() {
        return headers;
    }

    Optional<Path> certificate() {
        return certificate;
    }

    Duration timeout() {
        return timeout;
    }

    String sampler() {
        return sampler;
    }

    double ratio() {
        return ratio;
    }

    /** Attributes of the resource; {@code service.name} is one of them. */
    Map<String, String> resource() {
        return resource;
    }

    private Map<String, String> readResource() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("service.name", "herald");
        attributes.putAll(pairs("OTEL_RESOURCE_ATTRIBUTES", NAME, ANY));
        value("OTEL_SERVICE_NAME").ifPresent(name -> attributes.put("service.name", name));
        return attributes;
    }

    private Optional<String> value(String name) {
        return variables.apply(name);
    }

    /** The variable for traces if it is set, else the one for all signals. */
    private Optional<String> exporter(String all, String traces, String name) {
        return Optional.of(traces + name)
                .filter(own -> value(own).isPresent())
                .or(() -> Optional.of(all + name))
                .filter(variable -> value(variable).isPresent());
    }

    private String choice(String name, List<String> allowed, String absent) {
        String value = value(name).orElse(absent).toLowerCase(Locale.ROOT);
        if (!allowed.contains(value)) {
            faults.add(name + " must be " + (allowed.size() > 1 ? "one of " : "") + String.join(", ", allowed)
                    + "; it is '" + value + "'");
            return absent;
        }
        return value;
    }

    private URI url(String name, String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // As any other text that is no URL.
        }
        // Not the value: a password may be in it.
        faults.add(name + " must be a URL such as http://collector:4318, without a user; it is not");
        return URI.create("http://localhost:4318/" + PATH);
    }

    private Optional<Path> file(String name) {
        String value = value(name).orElseThrow();
        try {
            Path file = Path.of(value);
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return Optional.of(file);
            }
        } catch (InvalidPathException e) {
            // As a file that does not exist.
        }
        faults.add(name + " must be a file in PEM that this user may read; it is '" + value + "'");
        return Optional.empty();
    }

    private Duration millis(String name) {
        String value = value(name).orElseThrow();
        try {
            int millis = Integer.parseInt(value);
            if (millis >= 1 && millis <= LARGEST_TIMEOUT_MILLIS) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // As a number out of range.
        }
        faults.add(name + " must be a number of milliseconds, from 1 to " + LARGEST_TIMEOUT_MILLIS + "; it is '" + value
                + "'");
        return Duration.ofMillis(DEFAULT_TIMEOUT_MILLIS);
    }

    private double ratio(String name) {
        String value = value(name).orElse("1");
        try {
            double ratio = Double.parseDouble(value);
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException e) {
            // As a number out of range.
        }
        faults.add(name + " must be a number from 0 to 1, such as 0.01; it is '" + value + "'");
        return 1;
    }

    /** Pairs such as {@code a=1,b=2}, with values that are percent-encoded (W3C Baggage §3.2). */
    private Map<String, String> pairs(String name, Pattern keys, Pattern values) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : value(name).orElse("").split(",")) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = equals < 0 ? "" : pair.substring(0, equals).strip();
            Optional<String> value = decoded(pair.substring(equals + 1).strip())
                    .filter(text -> values.matcher(text).matches());
            if (!keys.matcher(key).matches() || value.isEmpty()) {
                faults.add(name + " must be pairs such as name=value, separated by commas, with percent-encoded values;"
                        + " one of them is not");
                return Map.of();
            }
            pairs.put(key, value.get());
        }
        return pairs;
    }

    private static Optional<String> decoded(String value) {
        try {
            return Optional.of(URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
