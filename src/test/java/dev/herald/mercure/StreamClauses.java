package dev.herald.mercure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.restassured.path.json.JsonPath;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient.Answer;

import static dev.herald.Patience.eventually;
import static dev.herald.mercure.MercureHub.ANYBODY;
import static dev.herald.mercure.MercureHub.NOBODY;
import static dev.herald.mercure.MercureHub.and;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.MercureHub.topics;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of Mercure streams, and of both surfaces where tokens end streams: PROTOCOL E1–E7 and E9–E13. */
abstract class StreamClauses extends Clauses {
    /** The same hub over one clear-text HTTP/2 connection. */
    @RegisterExtension
    final MercureHub http2 = new MercureHub(new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setHttp2MaxPoolSize(1));

    private EventStream signalled(Map<String, String> headers) {
        return hub.open(topics(topic) + "&signals=1", headers);
    }

    @Test
    @Policy("the draft does not say when the head is sent")
    void e1ResponseHeadIsSentBeforeAnyEvent() {
        EventStream stream = hub.subscribe(topic);

        assertThat(stream.headers().get("Content-Type")).startsWith("text/event-stream");
        assertThat(stream.messages()).isEmpty();
    }

    @Test
    @OurHubOnly("headers that stop caches and the buffers of proxies")
    @Policy("the draft names no such headers")
    void e1HeadersDisableCachingAndProxyBuffering() {
        EventStream stream = hub.subscribe(topic);

        assertThat(stream.headers().getAll("Cache-Control")).containsExactly("no-store");
        assertThat(stream.headers().getAll("X-Accel-Buffering")).containsExactly("no");
    }

    @Test
    @Policy("the draft names no Accept headers")
    void e1StreamIsServedToAnyAcceptHeader() {
        EventStream stream = hub.open(topics(topic), and(ANYBODY, "Accept", "*/*"));

        assertThat(stream.headers().get("Content-Type")).startsWith("text/event-stream");
        hub.assertReceivedOnly(stream, topic);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    'several\\nlines\\rwith\\r\\neol', 'several\\nlines\\nwith\\neol'
                    'a\\rb', 'a\\nb'
                    '\\r', '\\n'
                    '\\n\\r', '\\n\\n'
                    'a\\r\\r\\nb\\n', 'a\\n\\nb\\n'
                    'data: a\\nid: b\\n\\nevent: c', 'data: a\\nid: b\\n\\nevent: c'
                    ': a\\r: b', ': a\\n: b'
                    """)
    void e2EachLineOfTheDataIsADataField(String sent, String received) {
        EventStream stream = hub.subscribe(topic);

        hub.publishTo(topic, sent.translateEscapes());

        assertThat(stream.awaitCount(1).messages())
                .extracting(Message::data)
                .containsExactly(received.translateEscapes());
    }

    @Test
    void e2TheTypeIsTheEventsType() {
        EventStream stream = hub.subscribe(topic);

        String id = hub.publish("topic", topic, "data", "1", "type", "a type: with [signs] 🧀");
        hub.publishTo(topic, "2");

        assertThat(stream.awaitCount(2).messages().get(0)).isEqualTo(new Message(id, "a type: with [signs] 🧀", "1"));
        assertThat(stream.messages().get(1).type()).isEqualTo("message");
    }

    @Test
    @OurHubOnly("a heartbeat of half a second")
    @Policy("the draft names no heartbeats")
    void e4IdleStreamWithoutSignalsGetsCommentsAndNoCursor() {
        EventStream stream = hub.subscribe(topic);
        String id = hub.publishTo(topic, "1");
        stream.awaitCount(1);
        hub.publishTo(topic + "/other", "2");

        eventually().until(() -> stream.comments() >= 2);

        assertThat(stream.lastEventId()).isEqualTo(id);
        assertThat(stream.count()).isEqualTo(1);
    }

    @Test
    @OurHubOnly("signals=1")
    @Policy("signals are not in the draft")
    void e11WithSignalsTheFirstBlockIsACursorAndAnEmptyEvent() {
        EventStream stream = signalled(ANYBODY).awaitCount(1);

        assertThat(stream.messages().get(0).data()).isEqualTo("{}");
        assertThat(stream.messages().get(0).id()).startsWith("#").hasSizeLessThan(100);
        assertThat(stream.retryMillis()).isEqualTo(2_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&signals=", "&signals=0", "&signals=true", "&Signals=1"})
    void e11WithoutSignalsTheFirstBlockIsAnEvent(String parameter) {
        EventStream stream = hub.open(topics(topic) + parameter, ANYBODY);

        String id = hub.publishTo(topic, "1");

        assertThat(stream.awaitCount(1).messages()).containsExactly(new Message(id, "message", "1"));
    }

    @Test
    @OurHubOnly("cursors, with signals=1")
    @Policy("signals are not in the draft")
    void e11CursorDoesNotRevealPrivateTraffic() {
        String before = signalled(ANYBODY).awaitCount(1).lastEventId();
        String same = signalled(ANYBODY).awaitCount(1).lastEventId();
        hub.publishPrivately(topic, "1");
        String after = signalled(ANYBODY).awaitCount(1).lastEventId();

        assertThat(List.of(before, same, after)).as("all cursors differ").doesNotHaveDuplicates();
        assertThat(after).hasSameSizeAs(before);
    }

    @Test
    @OurHubOnly("gap events, with signals=1")
    @Policy("signals are not in the draft")
    void e6WithSignalsAnUnknownIdStartsTheStreamWithAGap() {
        hub.publishTo(topic, "0");
        hub.publishTo(topic, "1");

        EventStream stream = signalled(and(ANYBODY, "Last-Event-ID", "unknown")).awaitCount(4);

        assertThat(stream.headers().get("Last-Event-ID")).isEqualTo("earliest");
        assertThat(stream.messages()).extracting(Message::type).containsExactly("message", "gap", "message", "message");
        Message gap = stream.messages().get(1);
        assertThat(gap.id()).startsWith("#");
        assertThat(JsonPath.from(gap.data()).getMap(""))
                .isEqualTo(Map.of("requested", "unknown", "resumedAt", "earliest"));
        assertThat(stream.data()).containsExactly("0", "1");
        hub.assertReceivedOnly(hub.resume(topic, gap.id()), topic, "0", "1");
    }

    @Test
    @OurHubOnly("gap events, with signals=1")
    @Policy("signals are not in the draft")
    void e6WithSignalsAPrivateIdWithoutItsGrantIsAGapLikeAnUnknownOne() {
        String secret = hub.publishPrivately(topic, "0");
        hub.publishTo(topic, "1");

        EventStream forbidden = signalled(and(ANYBODY, "Last-Event-ID", secret)).awaitCount(3);
        EventStream unknown =
                signalled(and(ANYBODY, "Last-Event-ID", "unknown")).awaitCount(3);

        assertThat(forbidden.data()).containsExactly("1");
        assertThat(forbidden.headers().get("Last-Event-ID")).isEqualTo("earliest");
        assertThat(forbidden.messages().get(1).data().replace(secret, "unknown"))
                .isEqualTo(unknown.messages().get(1).data());
    }

    @Test
    void e6WithoutSignalsAnUnknownIdIsNoEvent() {
        hub.publishTo(topic, "0");

        EventStream stream = hub.resume(topic, "unknown");

        assertThat(stream.awaitCount(1).messages()).extracting(Message::data).containsExactly("0");
    }

    @Test
    @OurHubOnly("signals=1")
    @Policy("signals are not in the draft")
    void e6WithSignalsAKnownIdIsNoGap() {
        String id = hub.publishTo(topic, "0");
        hub.publishTo(topic, "1");

        EventStream stream = signalled(and(ANYBODY, "Last-Event-ID", id)).awaitCount(2);

        assertThat(stream.headers().get("Last-Event-ID")).isEqualTo(id);
        assertThat(stream.messages()).extracting(Message::data).containsExactly("{}", "1");
    }

    @Test
    void e7StreamEndsWhenItsTokenExpiresAndNotBefore() {
        Instant expiry = Instant.now().plusSeconds(8).truncatedTo(ChronoUnit.SECONDS);
        String token = Tokens.ofSubscriber("{\"mercure\":{\"subscribe\":[]},\"exp\":" + expiry.getEpochSecond() + "}");
        EventStream stream = hub.subscribe(bearer(token), topic);
        EventStream other = hub.subscribe(topic);
        hub.publishTo(topic, "1");

        boolean inGoodOrder = stream.awaitEnd();
        Instant ended = Instant.now();

        assertThat(inGoodOrder).isTrue();
        assertThat(ended).isAfterOrEqualTo(expiry);
        assertThat(stream.data()).containsExactly("1");
        hub.assertReceivedOnly(other, topic, "1");
        assertThat(hub.resume(topic, stream.lastEventId()).awaitCount(1).data()).containsExactly("later");
    }

    @Test
    @Policy("the hub may discard events")
    void e9StalledStreamDelaysNoOtherAndLosesNothing() {
        String padding = "x".repeat(100_000);
        EventStream slow = hub.subscribe(topic);
        EventStream quick = hub.subscribe(topic);
        slow.pause();

        List<String> sent = IntStream.range(0, 150)
                .mapToObj(i -> i + padding)
                .peek(data -> hub.publishTo(topic, data))
                .toList();

        assertThat(quick.awaitCount(150).data()).isEqualTo(sent);
        assertThat(slow.count()).isLessThan(150);
        slow.resume();
        assertThat(slow.awaitCount(150).data()).isEqualTo(sent);
    }

    /** All at once, since each waits for the same expiry. */
    @Test
    @OurHubOnly("event: end, with signals=1")
    @Policy("signals are not in the draft")
    void e12StreamSaysThatItsTokenHasExpiredAndResumesWithAnother() {
        Map<String, String> expiring = bearer(Tokens.ofSubscriber(
                "{\"mercure\":{},\"exp\":" + Instant.now().plusSeconds(8).getEpochSecond() + "}"));
        List<String> signalling = List.of("/SSE?" + topics(topic), hub.path() + "?" + topics(topic) + "&signals=1");
        String silent = hub.path() + "?" + topics(topic);
        List<EventStream> streams = Stream.of(hub, http2)
                .flatMap(over -> Stream.concat(signalling.stream(), Stream.of(silent))
                        .map(uri -> over.client().open(uri, expiring)))
                .toList();
        assertThat(streams).allMatch(stream -> stream.status() == 200);
        hub.publishTo(topic, "1");

        assertThat(streams).allMatch(EventStream::awaitEnd, "ended in good order");

        for (EventStream stream : streams) {
            assertThat(stream.data()).containsExactly("1");
            assertThat(stream.retryMillis()).isBetween(2_000L, 4_000L);
        }
        hub.publishTo(topic, "2");
        for (EventStream stream : List.of(streams.get(0), streams.get(1), streams.get(3), streams.get(4))) {
            Message end = stream.messages().get(2);
            assertThat(end.type()).isEqualTo("end");
            assertThat(end.id()).startsWith("#");
            assertThat(JsonPath.from(end.data()).getString("reason")).isEqualTo("token-expired");
            assertThat(hub.resume(topic, end.id()).awaitCount(1).data()).containsExactly("2");
        }
        assertThat(streams.get(2).messages()).extracting(Message::type).containsExactly("message");
        assertThat(streams.get(5).messages()).extracting(Message::type).containsExactly("message");
        // An EventSource that reconnects by itself with the expired token gives up.
        for (String uri : signalling) {
            assertThat(hub.client()
                            .send(HttpMethod.GET, uri, expiring, Buffer.buffer())
                            .status())
                    .isEqualTo(401);
        }
    }

    private List<String> requiringToken(String value) {
        return List.of("/SSE?auth=" + value + "&" + topics(topic), hub.path() + "?auth=" + value + "&" + topics(topic));
    }

    @Test
    @OurHubOnly("the parameter auth")
    @Policy("the draft has no such parameter")
    void e13StreamThatRequiresATokenIsNeverAnonymous() {
        for (String uri : requiringToken("required")) {
            for (MercureHub over : List.of(hub, http2)) {
                for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
                    Answer rejected = over.client().send(method, uri, NOBODY, Buffer.buffer());

                    assertThat(rejected.status()).as(method + " " + uri).isEqualTo(401);
                    assertThat(rejected.header("WWW-Authenticate")).isEqualTo("Bearer");
                }
                assertThat(over.client().open(uri, ANYBODY).status()).isEqualTo(200);
                assertThat(over.client()
                                .open(uri, Map.of("Cookie", "mercureAuthorization=" + Tokens.subscriber()))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(hub.client()
                            .open(uri.replace("auth=required&", ""), NOBODY)
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Required", "require", "true", "required%20", "%FF", "required&auth=optional"})
    @OurHubOnly("the parameter auth")
    @Policy("the draft has no such parameter")
    void e13AnotherValueIsRejectedSinceItWouldAllowAnonymousStreams(String value) {
        for (String uri : requiringToken(value)) {
            for (Map<String, String> headers : List.of(NOBODY, ANYBODY)) {
                Answer rejected = hub.client().send(HttpMethod.GET, uri, headers, Buffer.buffer());

                assertThat(rejected.status()).as(uri).isEqualTo(400);
                assertThat(rejected.body()).contains("'auth'");
            }
        }
    }

    @Test
    @OurHubOnly("HTTP/2 in clear text")
    @Policy("HTTP/2 is recommended, and not in clear text")
    void e10ManyStreamsAndPublishersShareOneHttp2Connection() {
        List<EventStream> streams =
                IntStream.range(0, 150).mapToObj(i -> http2.subscribe(topic)).toList();

        String id = http2.publishTo(topic, "1");

        for (EventStream stream : streams) {
            assertThat(stream.awaitCount(1).messages()).containsExactly(new Message(id, "message", "1"));
            assertThat(stream.version()).isEqualTo(HttpVersion.HTTP_2);
        }
        assertThat(http2.open(form("topic", topic), and(ANYBODY, "Last-Event-ID", id))
                        .headers()
                        .get("Last-Event-ID"))
                .isEqualTo(id);
        assertThat(http2.get("", ANYBODY).status()).isEqualTo(400);
    }
}
