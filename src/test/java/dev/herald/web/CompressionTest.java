package dev.herald.web;

import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.hub.Hub;
import dev.herald.sse.EventStream;
import dev.herald.stream.StreamStats;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of gzip streams, on every way to the socket. */
@QuarkusTest
@TestProfile(TlsProfile.class)
class CompressionTest {
    private static final String LARGE = "\"" + "a word and ".repeat(3_000) + "\"";

    @Inject
    StreamStats counts;

    @Inject
    Hub server;

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();
    private final String uri = "/SSE?topic=" + topic;

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
        eventually().until(() -> server.subscribers() == 0);
        awaitEnds();
    }

    private void awaitEnds() {
        eventually()
                .until(() -> counts.open(StreamStats.OutletKind.RAW_HTTP1) == 0
                        && counts.open(StreamStats.OutletKind.RESPONSE) == 0);
    }

    /** Stream that the client decompresses on arrival. */
    private EventStream zipped(Protocol protocol, String uri) {
        return EventStream.open(vertx.createHttpClient(protocol.options().setDecompressionSupported(true)), uri);
    }

    private long bytesWritten() {
        awaitEnds();
        return counts.bytes();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void eachEventIsDecompressibleOnArrivalAndCompressed(Protocol protocol) {
        long before = bytesWritten();
        EventStream stream = zipped(protocol, uri).awaitCount(1);

        publish(topic, "1");
        stream.awaitCount(2);
        publish(topic, LARGE);
        stream.awaitCount(3);
        publish(topic, "\"käse 🧀\"");
        stream.awaitCount(4);

        assertThat(stream.data()).containsExactly("1", LARGE, "\"käse 🧀\"");
        stream.close();
        assertThat(bytesWritten() - before).isBetween(100L, LARGE.length() / 10L);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void compressedReplayAndLiveEventsAreComplete(Protocol protocol) {
        publish(topic, "1");
        publish(topic, LARGE);
        EventStream stream = zipped(protocol, uri + "&lastEventID=earliest").awaitCount(3);

        publish(topic, LARGE);
        stream.awaitCount(4);

        assertThat(stream.data()).containsExactly("1", LARGE, LARGE);
    }

    @Test
    void readersOfOneTopicGetGzipOnlyIfAccepted() {
        EventStream zipped = zipped(Protocol.HTTP_1_1, uri).awaitCount(1);
        EventStream plain = EventStream.open(vertx.createHttpClient(Protocol.HTTP_1_1.options()), uri)
                .awaitCount(1);

        publish(topic, LARGE);

        assertThat(zipped.awaitCount(2).data()).containsExactly(LARGE);
        assertThat(plain.awaitCount(2).data()).containsExactly(LARGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "gzip | gzip",
                "GZIP;q=0.1 | gzip",
                "br, gzip, deflate, zstd | gzip",
                "* | gzip",
                "x-gzip | -",
                "identity | -",
                "gzip;q=0 | -",
                "gzip ;q=0, * | -",
                "identity, gzip;q=0.5 | -",
                "*;q=0 | -",
                "br | -"
            })
    void contentEncodingFollowsAcceptEncoding(String accepted, String coding) {
        EventStream stream = EventStream.open(
                vertx.createHttpClient(Protocol.HTTP_1_1.options()), uri, Map.of("Accept-Encoding", accepted));

        assertThat(stream.headers().get("Content-Encoding")).isEqualTo(coding);
        assertThat(stream.headers().getAll("Vary")).contains("accept-encoding");
    }
}
