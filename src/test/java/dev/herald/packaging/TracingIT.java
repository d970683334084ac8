package dev.herald.packaging;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the spans that the packaged hub exports to a collector. */
class TracingIT {
    private static final String SPAN = "00f067aa0ba902b7";
    private static final List<String> MALFORMED = List.of(
            "",
            "00",
            "00-" + trace('a') + "-" + SPAN,
            "00-" + trace('a') + "-" + SPAN + "-01-more",
            "ff-" + trace('a') + "-" + SPAN + "-01",
            "00-" + trace('a').replace('a', 'A') + "-" + SPAN + "-01",
            "00-" + trace('0') + "-" + SPAN + "-01",
            "00-" + trace('a') + "-0000000000000000-01",
            "00-" + trace('g') + "-" + SPAN + "-01",
            "00-" + trace('a') + "-" + SPAN + "-0x",
            "-".repeat(2_000));

    private static final String SECRET = "only the publisher and the hub know this one";

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    private final HttpClient client = HttpClient.newHttpClient();

    private static String trace(char digit) {
        return String.valueOf(digit).repeat(32);
    }

    private static String parent(char digit, String flags) {
        return "00-" + trace(digit) + "-" + SPAN + "-" + flags;
    }

    private int post(PackagedHub hub, String query, Optional<String> traceparent)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(hub.address().resolve("/message?" + query))
                .header("Content-Type", "text/plain")
                .header("tracestate", "vendor=1")
                .POST(BodyPublishers.ofString("private-data"));
        traceparent.ifPresent(value -> request.header("traceparent", value));
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static List<Span> of(Collector collector, char digit) {
        ByteString id = ByteString.fromHex(trace(digit));
        return collector.spans().stream()
                .filter(span -> span.getTraceId().equals(id))
                .toList();
    }

    private static Span named(List<Span> spans, String name) {
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey,
                        pair -> pair.getValue().hasIntValue()
                                ? Long.toString(pair.getValue().getIntValue())
                                : pair.getValue().getStringValue()));
    }

    @Test
    void updateIsTracedFromItsPublisherToTheSocketsAndNothingPrivateIsExported() throws Exception {
        Path headers = temporary.resolve("collector-headers");
        Files.writeString(headers, "x-collector-token: secret-header\n");
        String token = TokenMint.hmac("HS256", SECRET.getBytes(StandardCharsets.UTF_8))
                .token("{\"mercure\":{\"publish\":[\"*\"]}}");
        String query = "topic=private-topic&id=private-id&type=private-type&authorization=" + token;
        try (Collector collector = new Collector()) {
            PackagedHub.Builder hubs = PackagedHub.in(temporary)
                    .openToAll()
                    .options("-Dquarkus.log.category.\"dev.herald.http\".level=DEBUG")
                    .setting("HERALD_AUTH_PUBLISHER_KEY", SECRET)
                    .setting("HERALD_TRACING_ENABLED", "true")
                    .setting("HERALD_TRACING_HEADERS_FILE", headers.toString())
                    .setting("HERALD_DRAIN", "0s")
                    .setting("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true")
                    .setting("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address())
                    .setting("OTEL_SERVICE_NAME", "hub-of-the-test");
            try (PackagedHub hub = hubs.start().awaitReady()) {
                try (EventStream stream = subscribers.open(hub.address().resolve("/SSE?topic=private-topic") + "")) {
                    // The signal that it is live.
                    stream.awaitCount(1);
                    assertThat(post(hub, query, Optional.of(parent('1', "01")))).isEqualTo(200);
                    assertThat(post(hub, query, Optional.of(parent('2', "00")))).isEqualTo(200);
                    assertThat(post(hub, query + "&private=on", Optional.of(parent('3', "01"))))
                            .isEqualTo(200);
                    assertThat(post(hub, query + "&privat=on", Optional.of(parent('4', "01"))))
                            .isEqualTo(400);
                    for (String malformed : MALFORMED) {
                        assertThat(post(hub, query, Optional.of(malformed))).isEqualTo(200);
                    }
                    hub.get("/q/health/ready");
                    hub.get("/q/metrics");
                    stream.awaitCount(2 + MALFORMED.size());
                    eventually()
                            .until(() -> of(collector, '4').size() == 1
                                    && of(collector, '3').size() == 3);
                }
                // What has ended is exported before the process ends.
                assertThat(post(hub, query, Optional.of(parent('5', "01")))).isEqualTo(200);
                assertThat(hub.terminate()).isIn(0, 143);
                assertThat(hub.output())
                        .contains("\"traceId\":\"" + trace('4') + "\"")
                        .doesNotContain(" Spans cannot be exported");
            }

            List<Span> spans = of(collector, '1');
            Span request = named(spans, "POST /message");
            Span append = named(spans, "append");
            Span delivery = named(spans, "deliver");
            assertThat(spans).hasSize(3);
            assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(request.getParentSpanId()).isEqualTo(ByteString.fromHex(SPAN));
            assertThat(request.getTraceState()).isEqualTo("vendor=1");
            assertThat(attributes(request.getAttributesList()))
                    .containsOnly(
                            Map.entry("http.request.method", "POST"),
                            Map.entry("http.route", "/message"),
                            Map.entry("http.response.status_code", "200"),
                            Map.entry("url.scheme", "http"),
                            Map.entry("messaging.system", "herald"),
                            Map.entry("messaging.operation.name", "publish"),
                            Map.entry("messaging.operation.type", "send"));
            assertThat(append.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(append.getEventsList()).hasSize(1);
            assertThat(delivery.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(delivery.getLinksList()).singleElement().satisfies(link -> assertThat(link.getSpanId())
                    .isEqualTo(ByteString.fromHex(SPAN)));
            assertThat(attributes(delivery.getAttributesList())).containsEntry("herald.stream_count", "1");
            assertThat(delivery.getStartTimeUnixNano()).isGreaterThanOrEqualTo(append.getStartTimeUnixNano());

            assertThat(of(collector, '2')).as("not sampled by its publisher").isEmpty();
            assertThat(attributes(named(of(collector, '3'), "deliver").getAttributesList()))
                    .as("of a private update")
                    .containsEntry("herald.stream_count", "0");
            assertThat(attributes(named(of(collector, '4'), "POST /message").getAttributesList()))
                    .containsEntry("http.response.status_code", "400");
            assertThat(of(collector, '5')).extracting(Span::getName).contains("POST /message", "append");
            assertThat(of(collector, 'a')).as("of a malformed traceparent").isEmpty();
            assertThat(collector.spans().stream()
                            .filter(span -> span.getName().equals("POST /message")
                                    && span.getParentSpanId().isEmpty()))
                    .hasSize(MALFORMED.size());
            assertThat(collector.spans())
                    .extracting(Span::getName)
                    .containsOnly("POST /message", "append", "deliver", "GET /SSE");
            assertThat(attributes(named(collector.spans(), "GET /SSE").getAttributesList()))
                    .containsEntry("http.response.status_code", "200");
            assertThat(collector.headers()).allSatisfy(sent -> assertThat(sent.getFirst("x-collector-token"))
                    .isEqualTo("secret-header"));
            assertThat(collector.received()).allSatisfy(resource -> assertThat(
                            attributes(resource.getResource().getAttributesList()))
                    .containsEntry("service.name", "hub-of-the-test")
                    .containsKey("service.instance.id"));
            assertThat(collector.text())
                    .contains("http.route")
                    .doesNotContain("private-", "authorization", "topic=", token.substring(token.lastIndexOf('.') + 1));
        }
    }

    @Test
    void collectorThatRejectsSpansIsReportedWithoutAStackTraceAndSlowsNothing() throws Exception {
        try (Collector collector = new Collector()) {
            collector.reject();
            try (PackagedHub hub = PackagedHub.in(temporary)
                    .openToAll()
                    .setting("HERALD_TRACING_ENABLED", "true")
                    .setting("HERALD_DRAIN", "0s")
                    .setting("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address())
                    .start()
                    .awaitReady()) {
                for (int i = 0; i < 100; i++) {
                    assertThat(post(hub, "topic=t", Optional.empty())).isEqualTo(200);
                }
                eventually().until(() -> hub.output().contains("Spans cannot be exported"));
                assertThat(hub.get("/q/metrics").body())
                        .containsPattern("herald_spans_lost_total\\{reason=\"export-failed\"} [1-9]")
                        .containsPattern("herald_spans_exported_total 0\\.0");
                assertThat(post(hub, "topic=t", Optional.empty())).isEqualTo(200);
                assertThat(hub.terminate()).isIn(0, 143);

                assertThat(hub.warnings())
                        .singleElement()
                        .asString()
                        .contains(
                                "Spans cannot be exported, and are dropped. Updates are not affected. collector=127.0.0.1:")
                        .contains("reason=HTTP status 400");
                assertThat(hub.output()).doesNotContain("\tat ");
            }
        }
    }
}
