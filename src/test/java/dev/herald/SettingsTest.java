package dev.herald;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import io.smallrye.config.common.MapBackedConfigSource;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.AuthConfig;
import dev.herald.auth.AuthSettingException;
import dev.herald.auth.Authenticator;
import dev.herald.http.HttpConfig;
import dev.herald.http.PublishConfig;
import dev.herald.identity.Revocations;
import dev.herald.limit.LimitsConfig;
import dev.herald.log.CapturedErrors;
import dev.herald.memory.MemoryBudget;
import dev.herald.settings.Setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests of invalid settings: one sentence with the key, the value and what is allowed, whichever parser rejects the
 * value.
 */
class SettingsTest {
    private static final long HEAP_BYTES = 12L << 30;
    private static final String MISSPELT = "This environment variable has no effect: Herald has no such setting.";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(Settings.class.getName());

    /** SmallRye Config warns of a flag that it reads as false. */
    @RegisterExtension
    final CapturedErrors library = new CapturedErrors("io.smallrye.config");

    @BeforeEach
    void allowWarningsOfTheLibrary() {
        library.allow("SRCFG01008");
    }

    /** A setting as an operator writes it: a variable in capitals, else a property. */
    private static SmallRyeConfigBuilder builder(String... settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withProfile("prod")
                .withDefaultValue("quarkus.http.host", "0.0.0.0")
                .withDefaultValue("java.io.tmpdir", "/tmp");
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            builder.withSources(
                    Character.isUpperCase(parts[0].charAt(0))
                            ? new EnvConfigSource(Map.of(parts[0], parts[1]), EnvConfigSource.ORDINAL)
                            : systemProperty(parts[0], parts[1]));
        }
        return builder;
    }

    private static ConfigSource systemProperty(String name, String value) {
        return new MapBackedConfigSource(SysPropConfigSource.NAME, Map.of(name, value), SysPropConfigSource.ORDINAL) {
            private static final long serialVersionUID = 1L;
        };
    }

    private static SmallRyeConfig config(SmallRyeConfigBuilder builder) {
        ConfigInterfaces.ALL.forEach(builder::withMapping);
        return builder.build();
    }

    private static Settings settings(SmallRyeConfig config) {
        return new Settings(
                config.getConfigMapping(PublishConfig.class),
                config.getConfigMapping(HttpConfig.class),
                config.getConfigMapping(AuthConfig.class),
                config.getConfigMapping(LimitsConfig.class));
    }

    /** The lines that a start with these settings prints, or none. */
    private static List<String> start(String... settings) {
        SmallRyeConfigBuilder mapped = builder(settings);
        if (Arrays.stream(settings)
                .anyMatch(setting -> setting.toLowerCase(Locale.ROOT).startsWith("quarkus"))) {
            mapped.withMapping(VertxHttpConfig.class);
        }
        try {
            SmallRyeConfig config = config(mapped);
            settings(config).check(config, HEAP_BYTES);
            Authenticator.of(
                            config.getConfigMapping(AuthConfig.class),
                            MemoryBudget.unlimited(),
                            Clock.systemUTC(),
                            Revocations.none())
                    .close();
            return List.of();
        } catch (ConfigValidationException | ConfigurationException e) {
            return StartFailure.explain(new IllegalStateException("The start failed.", e), () -> builder(settings)
                            .build())
                    .stream()
                    .flatMap(String::lines)
                    .toList();
        } catch (AuthSettingException e) {
            return List.of("Herald does not start: " + e.getMessage() + ".");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    # Durations: no unit, another word, out of range, empty.
                    herald.sse.retry=2000 | herald.sse.retry must be a duration with its unit (ms, s, m, h or D), such as 2s, from 0s to 10m; it is '2000' (system property)
                    HERALD_SSE_RETRY=2000 | herald.sse.retry must be a duration with its unit (ms, s, m, h or D), such as 2s, from 0s to 10m; it is '2000' (environment variable HERALD_SSE_RETRY)
                    HERALD_SSE_RETRY=0 | herald.sse.retry must be a duration with its unit (ms, s, m, h or D), such as 2s, from 0s to 10m; it is '0' (environment variable HERALD_SSE_RETRY)
                    herald.sse.retry=-1s | from 0s to 10m; it is '-1s'
                    herald.sse.retry=2000s | from 0s to 10m; it is '2000s'
                    herald.sse.retry=soon | from 0s to 10m; it is 'soon'
                    herald.sse.retry= | from 0s to 10m; it is empty (system property)
                    herald.sse.heartbeat=15 | herald.sse.heartbeat must be a duration with its unit (ms, s, m, h or D), such as 15s, from 10ms to 1h; it is '15'
                    herald.sse.heartbeat=0s | from 10ms to 1h; it is '0s'
                    herald.sse.heartbeat=2h | from 10ms to 1h; it is '2h'
                    herald.sse.cursor-interval=300 | herald.sse.cursor-interval must be a duration with its unit (ms, s, m, h or D), such as 5m
                    HERALD_SSE_CURSOR_INTERVAL=2D | from 10ms to 1D; it is '2D'
                    herald.sse.max-age=3600 | herald.sse.max-age must be a duration with its unit (ms, s, m, h or D), such as 30s, from 1s to 365D; it is '3600'
                    herald.sse.max-age=0s | from 1s to 365D; it is '0s'
                    herald.sse.write-timeout=500ms | herald.sse.write-timeout must be
                    HERALD_SSE_WRITE_TIMEOUT=30 | (environment variable HERALD_SSE_WRITE_TIMEOUT)
                    herald.drain=10 | herald.drain must be
                    herald.drain=1D | from 0s to 10m; it is '1D'
                    herald.http.header-timeout=10000 | herald.http.header-timeout must be
                    herald.log.retention.age=7 | herald.log.retention.age must be
                    herald.log.retention.age=7 weeks | from 1s to 3650D; it is '7 weeks'
                    herald.log.retention.age=100000000000000000D | from 1s to 3650D
                    # Sizes and numbers.
                    herald.publish.max-body=1MB | herald.publish.max-body must be a size in bytes, or with K, M, G or T, from 1 to 1G; it is '1MB'
                    herald.publish.max-body=0 | from 1 to 1G; it is '0'
                    herald.publish.max-body=2G | from 1 to 1G; it is '2G'
                    HERALD_PUBLISH_MAX_BODY=-1 | it is '-1' (environment variable
                    herald.log.recent-bytes=1P | herald.log.recent-bytes must be
                    herald.log.retention.bytes=1.5G | herald.log.retention.bytes must be
                    herald.sse.max-selector-bytes=1000 | from 1M to 64G; it is '1000'
                    herald.publish.max-waiting=0 | herald.publish.max-waiting must be a whole number, from 1 to 10000000; it is '0'
                    herald.publish.max-waiting=many | it is 'many'
                    herald.publish.max-waiting=99999999999 | it is '99999999999'
                    herald.sse.max-subscribers=1e6 | herald.sse.max-subscribers must be a whole number
                    herald.http.max-waiting-connections=-5 | herald.http.max-waiting-connections must be
                    herald.log.retention.events=0 | herald.log.retention.events must be
                    herald.log.retention.events=1M | it is '1M'
                    # Flags and choices; SmallRye Config reads any other word as false.
                    HERALD_OPEN=ture | herald.open must be true or false; it is 'ture'
                    herald.sse.compression=enabled | herald.sse.compression must be true or false
                    herald.auth.anonymous.publish=maybe | herald.auth.anonymous.publish must be true or
                    herald.log.kind=tape | herald.log.kind must be file or memory or postgres; it is 'tape'
                    herald.log.file.durability=fsync | must be commit or force; it is 'fsync'
                    # Texts, lists and keys.
                    herald.topic.default= | herald.topic.default must be text; it is empty
                    herald.log.file.path= | herald.log.file.path must be text; it is empty
                    herald.cors.origins=https://shop.example/path | 'https://shop.example/path' is none
                    herald.limits.trusted-proxies=10.0.0.0/8,proxy.example | herald.limits.trusted-proxies must be IP addresses or blocks such as 10.0.0.0/8 and fd00::/8, and 'proxy.example' is none
                    herald.limits.trusted-proxies=10.0.0.0/33 | '10.0.0.0/33' is none
                    herald.limits.subject.updates-per-second=0 | herald.limits.subject.updates-per-second must be
                    herald.limits.address.bytes-per-second=2G | herald.limits.address.bytes-per-second must be
                    herald.limits.burst=10 | herald.limits.burst must be a duration with its unit
                    herald.cors.origins=https://shop.* | 'https://shop.*' is none
                    herald.auth.cookie.origins=* | without a path or a star, in ASCII, and '*' is none
                    herald.auth.cookie.name=a b | herald.auth.cookie.name must be letters
                    herald.auth.publisher.algorithms=HS265 | and 'HS265' is not one
                    herald.auth.publisher.jwks-url=issuer | must be a URL such as https://issuer.example
                    herald.auth.publisher.key-file=/none | herald.auth.publisher.key-file must be a file that this user may read; '/none' does not exist (system property)
                    # Unknown properties.
                    herald.sse.hartbeat=1s | herald.sse.hartbeat does not exist (system property): the nearest setting is herald.sse.heartbeat
                    herald.retry=1s | herald.retry does not exist (system property): the nearest setting is herald.sse.retry
                    herald.log.kafka.brokers=x | herald.log.kafka.brokers does not exist (system property).
                    %prod.herald.opne=true | herald.opne does not exist (system property): the nearest
                    # Settings of Quarkus.
                    quarkus.http.port=http | quarkus.http.port must be a whole number; it is 'http'
                    QUARKUS_HTTP_SSL_PORT=84 43 | quarkus.http.ssl-port must be a whole number
                    quarkus.http.insecure-requests=no | quarkus.http.insecure-requests must be one of
                    quarkus.http.idle-timeout=long | quarkus.http.idle-timeout has a value that is not allowed; it is 'long'
                    """)
    void wrongSettingStopsTheStartWithOneSentence(String setting, String expected) {
        assertThat(start(setting))
                .singleElement()
                .asString()
                .startsWith("Herald does not start: ")
                .contains(expected)
                .endsWith(".")
                .doesNotContain("SRCFG", "Exception", "java.");
    }

    @Test
    void eachOfSeveralWrongSettingsIsNamed() {
        assertThat(start("herald.sse.retry=2000", "HERALD_DRAIN=5", "herald.opne=true", "quarkus.http.port=x"))
                .hasSize(4)
                .allMatch(line -> line.startsWith("Herald does not start: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "herald.auth.publisher.key=SECRET",
                "HERALD_AUTH_PUBLISHER_KEY=SECRET",
                "herald.auth.publisher.key=SECRET${SECRET",
                "herald.auth.publisher.key=SECRET${x.SECRET}",
                "herald.auth.publisher.kye=SECRET",
                "quarkus.http.ssl.certificate.key-store-password=${SECRET}"
            })
    void secretIsNeverPrinted(String setting) {
        assertThat(start(setting)).allSatisfy(line -> assertThat(line).doesNotContain("SECRET"));
    }

    @Test
    void placeholderOfNoSettingIsReportedInsteadOfIgnored() {
        assertThat(start("herald.auth.publisher.key=a${b}c"))
                .singleElement()
                .asString()
                .contains("herald.auth.publisher.key has a ${…} that names no setting")
                .contains("write \\${");
        assertThat(start("herald.auth.publisher.key=a\\${b}" + "c".repeat(32))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "herald.sse.retry=0s",
                "herald.sse.retry=500MS",
                "herald.sse.retry=PT2S",
                "HERALD_SSE_RETRY=1m",
                "herald.sse.max-age=",
                "herald.log.retention.events=",
                "herald.log.retention.age=",
                "herald.log.kind=MEMORY",
                "HERALD_OPEN=YES",
                "herald.cors.origins[0]=https://shop.example",
                "HERALD_CORS_ORIGINS_0_=https://shop.example",
                "%dev.herald.opne=true",
                "quarkus.http.port=0"
            })
    void validSettingIsAccepted(String setting) {
        assertThat(start(setting)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "HERALD_SSE_HARTBEAT, HERALD_SSE_HEARTBEAT",
        "HERALD_SSE_WRITETIMEOUT, HERALD_SSE_WRITE_TIMEOUT",
        "HERALD_RETRY, HERALD_SSE_RETRY",
        "HERALD_OPNE, HERALD_OPEN",
        "HERALD_AUTH_PUBLISHER_KEYFILE, HERALD_AUTH_PUBLISHER_KEY_FILE",
        "_PROD_HERALD_DRIAN, HERALD_DRAIN",
        "HERALD_PORT, none",
        "HERALD_LOG_KAFKA_BROKERS, none"
    })
    void misspeltVariableWarnsWithTheNearestOne(String variable, String nearest) {
        logged.expect(MISSPELT + " variable=" + variable + " nearest=" + nearest);

        startWith(Map.of(variable, "8080"));
    }

    @Test
    void misspeltVariableOfTheServerWarnsWithTheNearestOne() {
        logged.expect("This environment variable probably has no effect: it is nearly one of the server's."
                + " variable=QUARKUS_HTPP_PORT nearest=QUARKUS_HTTP_PORT");

        startWith(Map.of("QUARKUS_HTPP_PORT", "8080", "QUARKUS_HTTP_HOST", "127.0.0.1"));
    }

    private static void startWith(Map<String, String> environment) {
        SmallRyeConfig config =
                config(builder().withSources(new EnvConfigSource(environment, EnvConfigSource.ORDINAL)));
        settings(config).check(config, HEAP_BYTES);
    }

    /** For Services named {@code herald}, {@code herald-headless} and {@code herald-sse}. */
    @Test
    void variablesOfKubernetesServicesDoNotWarn() {
        Map<String, String> injected = Map.ofEntries(
                Map.entry("HERALD_SERVICE_HOST", "10.0.0.1"),
                Map.entry("HERALD_SERVICE_PORT", "80"),
                Map.entry("HERALD_SERVICE_PORT_HTTP", "80"),
                Map.entry("HERALD_SERVICE_PORT_HTTP_ALT", "8080"),
                Map.entry("HERALD_PORT", "tcp://10.0.0.1:80"),
                Map.entry("HERALD_PORT_80_TCP", "tcp://10.0.0.1:80"),
                Map.entry("HERALD_PORT_80_TCP_PROTO", "tcp"),
                Map.entry("HERALD_PORT_80_TCP_PORT", "80"),
                Map.entry("HERALD_PORT_80_TCP_ADDR", "10.0.0.1"),
                Map.entry("HERALD_PORT_443_UDP", "udp://10.0.0.1:443"),
                Map.entry("HERALD_HEADLESS_SERVICE_HOST", "10.0.0.2"),
                Map.entry("HERALD_HEADLESS_PORT", "tcp://10.0.0.2:80"),
                Map.entry("HERALD_SSE_SERVICE_PORT_HTTPS", "443"),
                Map.entry("HERALD_SSE_PORT_443_TCP_ADDR", "10.0.0.3"),
                Map.entry("HERALDRY", "no setting of Herald"));

        startWith(injected);
    }

    @Test
    void validVariableDoesNotWarn() {
        startWith(Map.of("HERALD_SSE_WRITE_TIMEOUT", "5s", "HERALD_AUTH_COOKIE_ORIGINS_1_", "https://a.example"));
    }

    @Test
    void bodyLargerThanTheHeapCanParseIsRejected() {
        SmallRyeConfig config = config(builder("herald.publish.max-body=9M"));

        assertThatThrownBy(() -> settings(config).check(config, 96L << 20))
                .hasMessageStartingWith(
                        "Herald does not start: herald.publish.max-body must be at most 8388608 bytes with this heap");
    }

    @Test
    void wrongVariableOfOpenTelemetryStopsTheStartIfTracingIsOn() {
        assertThat(start("OTEL_TRACES_SAMPLER_ARG=10%", "herald.tracing.enabled=true"))
                .containsExactly("Herald does not start: OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, such as"
                        + " 0.01; it is '10%'.");
        assertThat(start("OTEL_TRACES_SAMPLER_ARG=10%")).isEmpty();
    }

    static Stream<Setting> settings() {
        return ConfigInterfaces.schema().settings().stream();
    }

    /** So that a new duration, size or number has bounds, which the check and the page of settings show. */
    @ParameterizedTest
    @MethodSource("settings")
    void eachAmountHasARange(Setting setting) {
        assertThat(setting.range().isPresent())
                .as("%s needs @Range(min = …, max = …) if it is a duration, size or number", setting.key())
                .isEqualTo(setting.hasAmounts());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void eachDefaultAndBoundIsAllowed(Setting setting) {
        Stream.concat(
                        setting.defaultValue().stream(),
                        setting.range().stream().flatMap(range -> Stream.of(range.min(), range.max())))
                .forEach(value -> assertThat(start(setting.key() + "=" + value)).isEmpty());
    }

    @Test
    void eachConfigInterfaceIsCheckedAndRegistered() {
        List<String> found = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.herald").stream()
                        .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                        .map(JavaClass::getName)
                        .toList();

        assertThat(ConfigInterfaces.ALL.stream().map(Class::getName))
                .as("ConfigInterfaces.ALL")
                .containsExactlyInAnyOrderElementsOf(found);
        assertThat(Arrays.stream(ConfigInterfaces.class
                                .getAnnotation(RegisterForReflection.class)
                                .targets())
                        .map(Class::getName))
                .as("@RegisterForReflection of ConfigInterfaces")
                .containsExactlyInAnyOrderElementsOf(found);
    }
}
