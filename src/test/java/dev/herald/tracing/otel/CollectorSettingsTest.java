package dev.herald.tracing.otel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CollectorSettingsTest {
    @TempDir
    Path directory;

    private static CollectorSettings settings(Map<String, String> properties) {
        return new CollectorSettings(name -> Optional.ofNullable(properties.get(name)));
    }

    @Test
    void defaultsAreThoseOfTheSpecification() {
        CollectorSettings settings = settings(Map.of("otel.service.name", " "));

        assertThat(settings.faults()).isEmpty();
        assertThat(settings.endpoint()).hasToString("http://localhost:4318/v1/traces");
        assertThat(settings.sampler()).isEqualTo("parentbased_always_on");
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.resource()).containsExactly(Map.entry("service.name", "herald"));
        assertThat(settings.disabled()).isFalse();
    }

    @Test
    void pathOfSpansIsAppendedToTheEndpointOfAllSignalsOnly() {
        String all = "otel.exporter.otlp.endpoint";
        String traces = "otel.exporter.otlp.traces.endpoint";

        assertThat(settings(Map.of(all, "https://c:1/otlp/")).endpoint()).hasToString("https://c:1/otlp/v1/traces");
        assertThat(settings(Map.of(all, "https://c:1", traces, "http://d/spans"))
                        .endpoint())
                .hasToString("http://d/spans");
    }

    @Test
    void headersAndAttributesArePercentDecoded() {
        CollectorSettings settings = settings(Map.of(
                "otel.exporter.otlp.headers", "authorization=Bearer%20a+b, x-tenant = 1",
                "otel.resource.attributes", "service.name=other,service.instance.id=hub%2C1",
                "otel.service.name", "hub"));

        assertThat(settings.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of("authorization", "Bearer a+b", "x-tenant", "1"));
        assertThat(settings.resource())
                .containsExactlyInAnyOrderEntriesOf(Map.of("service.name", "hub", "service.instance.id", "hub,1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            otel.sdk.disabled                  | yes                | OTEL_SDK_DISABLED must be one of true, false; it is 'yes'
            otel.traces.sampler                | sometimes          | OTEL_TRACES_SAMPLER must be one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio; it is 'sometimes'
            otel.traces.sampler.arg            | 10%                | OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, such as 0.01; it is '10%'
            otel.traces.sampler.arg            | NaN                | OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, such as 0.01; it is 'NaN'
            otel.exporter.otlp.protocol        | grpc               | OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf; it is 'grpc'
            otel.exporter.otlp.traces.protocol | grpc               | OTEL_EXPORTER_OTLP_TRACES_PROTOCOL must be http/protobuf; it is 'grpc'
            otel.exporter.otlp.timeout         | 10s                | OTEL_EXPORTER_OTLP_TIMEOUT must be a number of milliseconds, from 1 to 60000; it is '10s'
            otel.exporter.otlp.certificate     | /nowhere           | OTEL_EXPORTER_OTLP_CERTIFICATE must be a file in PEM that this user may read; it is '/nowhere'
            otel.exporter.otlp.endpoint        | collector:4318     | OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://collector:4318, without a user; it is not
            otel.exporter.otlp.endpoint        | http://u:secret@c  | OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://collector:4318, without a user; it is not
            otel.exporter.otlp.headers         | secret             | OTEL_EXPORTER_OTLP_HEADERS must be pairs such as name=value, separated by commas, with percent-encoded values; one of them is not
            otel.exporter.otlp.headers         | a=secret%0Ab       | OTEL_EXPORTER_OTLP_HEADERS must be pairs such as name=value, separated by commas, with percent-encoded values; one of them is not
            otel.resource.attributes           | a=%z               | OTEL_RESOURCE_ATTRIBUTES must be pairs such as name=value, separated by commas, with percent-encoded values; one of them is not
            """)
    void wrongValueIsOneSentence(String property, String value, String sentence) {
        assertThat(settings(Map.of(property, value)).faults()).containsExactly(sentence);
    }

    @Test
    void headersFileIsReadAgainAndItsLastContentKeptWhileItIsGone() throws Exception {
        Path path = directory.resolve("headers");
        HeadersFile file = new HeadersFile(path);
        assertThat(file.get()).isEmpty();

        Files.writeString(path, "Authorization: Bearer a\nno header\n x-tenant :  1 \r\n");
        assertThat(file.get()).isEqualTo(Map.of("Authorization", "Bearer a", "x-tenant", "1"));

        Files.writeString(path, "Authorization: Bearer b\n");
        assertThat(file.get()).isEqualTo(Map.of("Authorization", "Bearer b"));

        Files.delete(path);
        assertThat(file.get()).isEqualTo(Map.of("Authorization", "Bearer b"));
    }
}
