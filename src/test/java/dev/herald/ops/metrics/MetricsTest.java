package dev.herald.ops.metrics;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.auth.TokenMint;
import dev.herald.log.CapturedErrors;
import dev.herald.ops.metrics.Exposition.Family;
import dev.herald.ops.metrics.MetricsPage.Listed;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of what {@code /q/metrics} prints: the metrics of the page and no others, true, and nothing of clients. */
@QuarkusTest
class MetricsTest {
    private static final String PREFIX = "herald_";
    private static final int SCRAPES = 100;

    /** Fails a test in which a scrape logs an error. */
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.http");

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = "metrics-" + UUID.randomUUID();

    /** Streams of earlier tests would end while this one compares two scrapes. */
    @BeforeEach
    void awaitTheEndOfOtherStreams() {
        eventually().untilAsserted(() -> assertThat(Exposition.scrape().value("herald_subscribers", "state", "live"))
                .isZero());
    }

    /** Both directions: name, type, meaning, labels and their values. */
    @Test
    void pageListsEachMetricAsItIsPrinted() {
        Map<String, Listed> printed = new TreeMap<>();
        Exposition.scrape().families().forEach((name, family) -> {
            if (name.startsWith(PREFIX)) {
                printed.put(name, new Listed(name, family.type(), labels(family), family.help()));
            }
        });

        assertThat(printed).hasSizeGreaterThanOrEqualTo(60);
        assertThat(MetricsPage.ofTheHub()).containsExactlyInAnyOrderElementsOf(printed.values());
    }

    private static Map<String, Set<String>> labels(Family family) {
        Map<String, Set<String>> labels = new TreeMap<>();
        family.values().forEach(sample -> sample.labels().forEach((name, value) -> {
            if (!name.equals("le")) {
                labels.computeIfAbsent(name, missing -> new TreeSet<>()).add(value);
            }
        }));
        return labels;
    }

    /** The answer is written on a worker thread, while the request belongs to its event loop (invariant 6). */
    @Test
    void invariant6ScrapesInEitherFormatLogNoError() {
        for (int i = 0; i < SCRAPES; i++) {
            given().accept(i % 2 == 0 ? "*/*" : "text/plain")
                    .get("/q/metrics")
                    .then()
                    .statusCode(200);
        }

        assertThat(logged.lines()).isEmpty();
    }

    /** No metrics by path: paths of subscriptions contain topics. */
    @Test
    void otherMetricsAreThoseOfTheProcess() {
        Set<String> names = Exposition.scrape().families().keySet();

        assertThat(names).containsAll(MetricsPage.ofTheProcess());
        assertThat(names).allMatch(name -> name.matches("(herald|jvm|process|system)_.*"));
    }

    /** Invariant 7: not even in a rejection. */
    @Test
    void invariant7ScrapeShowsNothingOfClients() {
        String token = TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"" + topic + "\"]}}");
        hub.open("/SSE?topic=" + topic, Map.of("Authorization", "Bearer " + token))
                .awaitCount(1);
        String id = HubClient.publish(topic, "\"secret-data\"");
        given().get("/.well-known/mercure/subscriptions/" + topic);
        given().get("/nothing/" + topic).then().statusCode(404);

        String scrape = given().get("/q/metrics").asString();

        assertThat(scrape).contains(PREFIX).doesNotContain(topic, id, token, "secret-data", "127.0.0.1", "/nothing");
    }

    @Test
    void eventIsCountedFromThePublisherToTheSocket() {
        Exposition before = Exposition.scrape();
        EventStream one = hub.live("/SSE?topic=" + topic);
        EventStream all = hub.live("/SSE?topic=" + topic + "&topic=" + topic + "/{any}");

        HubClient.publish(topic, "1");
        one.awaitCount(2);
        all.awaitCount(2);

        eventually().untilAsserted(() -> {
            Exposition now = Exposition.scrape();
            assertThat(grown(before, now, "herald_updates_accepted_total")).isEqualTo(1);
            assertThat(grown(before, now, "herald_log_stored_events_total")).isEqualTo(1);
            assertThat(grown(before, now, "herald_log_commit_seconds_count")).isEqualTo(1);
            assertThat(grown(before, now, "herald_events_delivered_total", "way", "live"))
                    .isEqualTo(2);
            assertThat(grown(before, now, "herald_writes_total", "way", "live")).isEqualTo(2);
            assertThat(grown(before, now, "herald_written_bytes_total")).isBetween(100.0, 2_000.0);
            // One value for each event loop with a stream of it.
            assertThat(grown(before, now, "herald_delivery_seconds_count")).isBetween(1.0, 2.0);
            assertThat(grown(before, now, "herald_delivery_seconds_sum")).isBetween(0.0, 60.0);
            assertThat(grown(before, now, "herald_streams_opened_total", "outlet", "raw-http1"))
                    .isEqualTo(2);
            assertThat(grown(before, now, "herald_selectors")).isEqualTo(3);
            assertThat(now.value("herald_subscribers", "state", "live")).isEqualTo(2);
            assertThat(now.value("herald_subscribers", "state", "catching-up")).isZero();
            assertThat(now.value("herald_delivery_lag_events")).isZero();
            assertThat(now.value("herald_log_writable")).isEqualTo(1);
            assertThat(now.value("herald_connections")).isGreaterThanOrEqualTo(2);
        });
        List.of(one, all).forEach(EventStream::close);
        eventually().untilAsserted(() -> {
            Exposition now = Exposition.scrape();
            assertThat(grown(before, now, "herald_streams_ended_total", "reason", "disconnected"))
                    .isEqualTo(2);
            assertThat(now.value("herald_subscribers", "state", "live")).isZero();
            assertThat(grown(before, now, "herald_selectors")).isZero();
        });
    }

    @Test
    void replayedEventIsCountedAsReplayed() {
        String first = HubClient.publish(topic, "1");
        HubClient.publish(topic, "2");
        Exposition before = Exposition.scrape();

        hub.resume("/SSE?topic=" + topic, first).awaitCount(2);

        eventually().untilAsserted(() -> {
            Exposition now = Exposition.scrape();
            assertThat(grown(before, now, "herald_events_delivered_total", "way", "replay"))
                    .isEqualTo(1);
            assertThat(grown(before, now, "herald_delivery_seconds_count")).isZero();
        });
    }

    @Test
    void rejectionIsCountedByItsProblemType() {
        Exposition before = Exposition.scrape();

        given().contentType("application/json")
                .body("{")
                .post("/message")
                .then()
                .statusCode(400);
        given().header("Authorization", "Bearer " + TokenMint.wellKnown().token("{\"exp\":1}"))
                .contentType("application/json")
                .body("1")
                .post("/message")
                .then()
                .statusCode(401);
        given().get("/nothing").then().statusCode(404);

        Exposition now = Exposition.scrape();
        assertThat(rejected(before, now, "invalid-json", "publish")).isEqualTo(1);
        assertThat(rejected(before, now, "invalid-token", "publish")).isEqualTo(1);
        assertThat(rejected(before, now, "not-found", "other")).isEqualTo(1);
        assertThat(grown(before, now, "herald_tokens_rejected_total", "reason", "expired", "act", "publish"))
                .isEqualTo(1);
    }

    private static double rejected(Exposition before, Exposition now, String problem, String act) {
        return grown(before, now, "herald_requests_rejected_total", "problem", problem, "act", act);
    }

    private static double grown(Exposition before, Exposition now, String name, String... labels) {
        return now.value(name, labels) - before.value(name, labels);
    }

    /** The buckets are cumulative, and the last one has all. */
    @Test
    void bucketsOfTheHistogramAreCumulative() {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        HubClient.publish(topic, "1");
        stream.awaitCount(2);

        Family delivery = Exposition.scrape().families().get("herald_delivery_seconds");

        List<Double> buckets = delivery.values().stream()
                .filter(sample -> sample.name().endsWith("_bucket"))
                .map(Exposition.Sample::value)
                .toList();
        assertThat(buckets).hasSize(22).isSorted();
        assertThat(buckets.get(buckets.size() - 1)).isPositive();
    }
}
