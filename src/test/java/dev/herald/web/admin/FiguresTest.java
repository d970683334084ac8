package dev.herald.web.admin;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.stream.OutletFactory;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

/** Tests of the feed of the hub's figures per second, and of its authorization. */
@QuarkusTest
@TestProfile(FiguresTest.Closed.class)
class FiguresTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIGURES = "/figures";
    private static final String TOPIC = "figures-" + UUID.randomUUID();

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    Ends witness;

    private static Map<String, String> bearer(String mercure) {
        return bearer(mercure, Instant.now().plusSeconds(3_600));
    }

    private static Map<String, String> bearer(String mercure, Instant end) {
        String claims = "{\"mercure\":" + mercure + ",\"exp\":" + end.getEpochSecond() + "}";
        return Map.of("Authorization", "Bearer " + TokenMint.wellKnown().token(claims));
    }

    private static JsonNode first(EventStream figures) {
        return parse(figures.awaitCount(1).messages().get(0).data());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    private static List<JsonNode> all(EventStream figures) {
        return figures.messages().stream().map(message -> parse(message.data())).toList();
    }

    @Test
    void reportsEventsDeliveriesAndSubscribersToAnAuthorizedReader() {
        Map<String, String> reader = bearer("{\"subscribe\":[\"" + TOPIC + "\",\"" + FIGURES + "\"]}");
        EventStream one = hub.open("/SSE?topic=" + TOPIC, reader).awaitCount(1);
        hub.open("/SSE?topic=" + TOPIC, reader).awaitCount(1);
        hub.open("/SSE?topic=another-" + TOPIC, reader).awaitCount(1);
        EventStream figures = hub.open(FIGURES, reader);
        JsonNode quiet = first(figures);

        publish(false);
        publish(true);
        one.awaitCount(3);

        eventually().untilAsserted(() -> assertThat(sum(figures, "events")).isPositive());
        eventually().untilAsserted(() -> assertThat(sum(figures, "deliveries")).isGreaterThan(sum(figures, "events")));
        assertThat(quiet.get("events").asLong()).isZero();
        assertThat(quiet.has("p50")).isFalse();
        assertThat(quiet.get("subscribers").asInt()).isEqualTo(3);
        assertThat(quiet.get("topics").asInt()).isEqualTo(2);
        assertThat(quiet.get("waiting").asLong()).isNotNegative();
        assertThat(all(figures))
                .filteredOn(reading -> reading.has("p50"))
                .isNotEmpty()
                .allSatisfy(reading -> assertThat(reading.get("p99").asLong())
                        .isBetween(reading.get("p50").asLong(), 60_000_000L));
    }

    @Test
    void reportsTheDurationOfEndedStreams() {
        EventStream figures = hub.open(FIGURES, bearer("{\"subscribe\":[\"" + FIGURES + "\"]}"));
        first(figures);
        long begin = System.nanoTime();
        EventStream one = hub.open("/SSE?topic=" + TOPIC, bearer("{\"subscribe\":[\"" + TOPIC + "\"]}"))
                .awaitCount(1);

        one.close();

        eventually().untilAsserted(() -> assertThat(all(figures))
                .filteredOn(reading -> reading.get("ended").asLong() > 0)
                .singleElement()
                .satisfies(reading -> {
                    assertThat(reading.get("ended").asLong()).isEqualTo(1);
                    assertThat(reading.get("lasted").asDouble()).isBetween(0.0, (System.nanoTime() - begin) / 1e9);
                    assertThat(reading.get("lasted").asDouble()).isPositive();
                }));
        assertThat(all(figures).get(0).has("lasted")).isFalse();
    }

    private static long sum(EventStream figures, String name) {
        return all(figures).stream()
                .mapToLong(reading -> reading.get(name).asLong())
                .sum();
    }

    private static void publish(boolean hidden) {
        Map<String, String> form = hidden ? Map.of("private", "on") : Map.of();
        given().headers(bearer("{\"publish\":[\"*\"]}"))
                .formParam("topic", TOPIC)
                .formParam("data", "{}")
                .formParams(form)
                .post("/.well-known/mercure")
                .then()
                .statusCode(200);
    }

    @Test
    void requestWithoutATokenGets401OnAGuardedHub() {
        given().get(FIGURES)
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("detail", containsString("'/figures'"));
    }

    @Test
    void tokenWithoutAGrantForFiguresIsRejected() {
        given().headers(bearer("{\"subscribe\":[\"" + TOPIC + "\"]}"))
                .get(FIGURES)
                .then()
                .statusCode(403)
                .header("WWW-Authenticate", containsString("insufficient_scope"))
                .body("detail", containsString("does not cover '/figures'. It covers '" + TOPIC + "'."));
    }

    @Test
    void feedEndsWhenTheTokenExpires() {
        EventStream figures = hub.open(
                FIGURES, bearer("{\"subscribe\":[\"*\"]}", Instant.now().plusSeconds(8)));

        figures.awaitCount(1);

        figures.awaitEnd();
    }

    @Test
    void headRequestEndsAtOnce() {
        given().headers(bearer("{\"subscribe\":[\"*\"]}"))
                .head(FIGURES)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store");
    }

    /** Covers the figures and the end at the token's expiry. */
    @Test
    void invariant6FiguresAreWrittenOnTheLoopOfTheirRequest() {
        witness.ended.clear();
        EventStream figures = hub.open(
                "/witness/figures",
                bearer("{\"subscribe\":[\"*\"]}", Instant.now().plusSeconds(8)));

        figures.awaitEnd();

        assertThat(figures.data()).isNotEmpty().containsOnly("true");
        assertThat(witness.ended).containsExactly(true);
    }

    /** Serves figures, and records whether they are written on the request's loop. */
    @Path("/witness/figures")
    public static class Witness {
        private final FiguresAccess access;
        private final Ends ends;

        Witness(FiguresAccess access, Ends ends) {
            this.access = access;
            this.ends = ends;
        }

        @GET
        @Produces(MediaType.SERVER_SENT_EVENTS)
        @FiguresStream
        public Multi<String> watch(RoutingContext context) {
            return access.figures(context)
                    .map(figures -> String.valueOf(OutletFactory.loop(context).inEventLoop()))
                    .onCompletion()
                    .invoke(() -> ends.ended.add(OutletFactory.loop(context).inEventLoop()));
        }
    }

    /** Whether streams of the test resource ended on the loop of their request. */
    @Singleton
    static class Ends {
        final Collection<Boolean> ended = new ConcurrentLinkedQueue<>();
    }

    /** Test profile of a hub with tokens, where anonymous subscribers may read public events. */
    public static class Closed implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("herald.open", "false", "herald.auth.anonymous.subscribe", "true");
        }
    }
}
