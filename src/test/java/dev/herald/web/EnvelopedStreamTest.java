package dev.herald.web;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q17: streams whose events are JSON objects, on every way to the socket. */
@QuarkusTest
@TestProfile(TlsProfile.class)
class EnvelopedStreamTest {
    private static final String LARGE = "\"" + "a word and ".repeat(3_000) + "\"";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    private EventStream open(Protocol protocol, boolean zipped, String more) {
        return EventStream.open(
                vertx.createHttpClient(protocol.options().setDecompressionSupported(zipped)),
                "/SSE?envelope=1&topic=" + topic + "&topic=" + topic + "/b" + more);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void q17EventNamesItsTopicAndTimeOnEachWay(Protocol protocol) {
        Instant before = Instant.now().minusMillis(1);
        EventStream live = open(protocol, false, "").awaitCount(1);
        EventStream zipped = open(protocol, true, "").awaitCount(1);

        String first = publish(topic, "{\"n\": 1.50}");
        publish(topic + "/b", LARGE);
        EventStream replayed = open(protocol, true, "&lastEventID=earliest").awaitCount(3);

        Message message = live.awaitCount(3).messages().get(1);
        assertThat(message.id()).isEqualTo(first);
        assertThat(message.data()).startsWith("{\"id\":\"" + first + "\",").endsWith(",\"data\":{\"n\": 1.50}}");
        JsonPath event = JsonPath.from(message.data());
        assertThat(event.getList("topics")).containsExactly(topic);
        assertThat(event.getBoolean("private")).isFalse();
        assertThat(Instant.parse(event.getString("time"))).isBetween(before, Instant.now());
        assertThat(JsonPath.from(live.messages().get(2).data()).getList("topics"))
                .containsExactly(topic + "/b");
        assertThat(zipped.awaitCount(3).data()).isEqualTo(live.data());
        assertThat(replayed.data()).isEqualTo(live.data());
    }

    @Test
    void q17ReadersWithAndWithoutEnvelopeGetWhatTheyAskedFor() {
        EventStream with = open(Protocol.HTTP_1_1, false, "").awaitCount(1);
        EventStream without = hub.live("/SSE?envelope=0&topic=" + topic);
        EventStream absent = hub.live("/SSE?envelope=&topic=" + topic);

        for (int i = 0; i < 20; i++) {
            publish(topic, "" + i);
        }

        assertThat(without.awaitCount(21).data())
                .isEqualTo(absent.awaitCount(21).data())
                .contains("19");
        assertThat(with.awaitCount(21).data())
                .allSatisfy(data -> assertThat(data).startsWith("{\"id\":"))
                .hasSize(20);
    }

    @Test
    void q17ControlEventsHaveNoEnvelope() {
        publish(topic, "1");

        EventStream stream = hub.open("/SSE?envelope=1&lastEventID=unknown&since=1&topic=" + topic)
                .awaitCount(3);

        assertThat(stream.messages().get(0).data()).isEqualTo("{}");
        assertThat(stream.messages())
                .filteredOn(message -> message.type().equals("gap"))
                .extracting(Message::data)
                .containsExactly("{\"requested\":\"unknown\",\"resumedAt\":\"earliest\"}");
    }

    /** Decision 255: who may read a private event sees all of its topics. */
    @Test
    void q17PrivateEventHasAllItsTopicsAndReachesNoOtherReader() {
        String token =
                TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"" + topic + "\"],\"publish\":[\"*\"]}}");
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
        EventStream granted = hub.open("/SSE?envelope=1&topic=" + topic, bearer).awaitCount(1);
        EventStream ungranted = hub.live("/SSE?envelope=1&topic=" + topic);

        Answer answer = hub.send(
                HttpMethod.POST,
                "/.well-known/mercure",
                Map.of("Content-Type", "application/x-www-form-urlencoded", "Authorization", "Bearer " + token),
                Buffer.buffer("private=on&topic=" + topic + "&topic=" + topic + "/secret&data=plain text"));
        publish(topic, "\"public\"");

        assertThat(answer.status()).isEqualTo(200);
        JsonPath event = JsonPath.from(granted.awaitCount(3).data().get(0));
        assertThat(event.getList("topics")).containsExactly(topic, topic + "/secret");
        assertThat(event.getBoolean("private")).isTrue();
        assertThat(event.getString("data")).isEqualTo("plain text");
        assertThat(ungranted.awaitCount(2).data()).hasSize(1).allMatch(data -> data.contains("\"public\""));
    }

    @Test
    void q17MercureStreamHasEnvelopesToo() {
        EventStream stream = hub.open("/.well-known/mercure?envelope=1&topic=" + topic);

        publish(topic, "[1]");

        assertThat(JsonPath.from(stream.awaitCount(1).data().get(0)).getList("data"))
                .containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"envelope=2", "envelope=true", "envelope=01", "envelope=1&envelope=1", "envelope=1&envelope="})
    void q17OtherValuesAreRejected(String query) {
        for (String path : new String[] {"/SSE?topic=a&", "/.well-known/mercure?topic=a&"}) {
            Answer answer = hub.send(HttpMethod.GET, path + query, Map.of(), Buffer.buffer());

            assertThat(answer.status()).isEqualTo(400);
            assertThat(JsonPath.from(answer.body()).getString("detail")).contains("'envelope'");
        }
    }
}
