package dev.herald.web;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.hub.Hub;
import dev.herald.sse.EventStream;
import dev.herald.sse.HttpClients;
import dev.herald.stream.SocketBudget;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL E9: a client that accepts no pending data is closed after the write timeout, and may resume. */
@QuarkusTest
@TestProfile(WriteTimeoutTest.ShortWriteTimeout.class)
class WriteTimeoutTest {
    /** Test profile with a write timeout of 2 s and the subscription API; accepts clients from another network. */
    public static final class ShortWriteTimeout extends TlsProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("herald.sse.write-timeout", "4s");
            overrides.put("herald.subscriptions.api", "true");
            overrides.put("herald.sse.heartbeat", "1s");
            overrides.put("quarkus.http.host", "0.0.0.0");
            return overrides;
        }
    }

    private static final int EVENTS = 40;

    /** So many that a slow client has pending data for longer than the timeout. */
    private static final int SLOWLY_READ = 80;

    @Inject
    Hub server;

    @Inject
    SocketBudget budget;

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();
    private final String uri = "/SSE?topic=" + topic;

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
        eventually().until(() -> server.subscribers() == 0);
        eventually().untilAsserted(() -> assertThat(budget.waiting()).isZero());
    }

    /** Publishes more than fits into the hub's kernel buffer and the client's, which is small. */
    private List<String> publishMuch(int events) {
        String padding = "x".repeat(200_000);
        List<String> published = IntStream.range(0, events)
                .mapToObj(i -> "\"" + i + padding + "\"")
                .toList();
        published.forEach(json -> publish(topic, json));
        return published;
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void stalledClientIsClosedAndResumes(Protocol protocol) {
        HttpClient client = HttpClients.create(vertx, protocol.options());
        EventStream stalled = EventStream.open(client, uri).awaitCount(1);
        EventStream reading = EventStream.open(HttpClients.create(vertx, protocol.options()), uri)
                .awaitCount(1);
        stalled.pause();

        List<String> published = publishMuch(EVENTS);

        eventually().until(() -> server.subscribers() == 1);
        stalled.resume();
        assertThat(stalled.awaitEnd()).as("in good order").isFalse();
        assertThat(stalled.count()).isLessThan(EVENTS + 1);
        assertThat(reading.awaitCount(EVENTS + 1).data()).isEqualTo(published);
        EventStream resumed = EventStream.open(client, uri, Map.of("Last-Event-ID", stalled.lastEventId()))
                .awaitCount(1);
        List<String> rest = published.subList(stalled.data().size(), published.size());
        assertThat(resumed.awaitCount(1 + rest.size()).data()).isEqualTo(rest);
    }

    @Test
    void stalledHttp10ClientIsClosed() throws IOException {
        try (RawConnection stalled = new RawConnection(4_096)) {
            stalled.send("GET " + uri + " HTTP/1.0\r\n\r\n").readUntil("data: {}\n\n");

            publishMuch(EVENTS);

            eventually().until(() -> server.subscribers() == 0);
        }
    }

    @Test
    void slowClientThatMakesProgressStaysConnected() throws IOException {
        SlowRead read = new SlowRead();
        // A reader that itself got no CPU time for so long is rightly closed.
        for (int i = 0; i < 10 && read.failed && read.longestPause > 1_000_000_000; i++) {
            read = new SlowRead();
        }

        assertThat(read.failed).isFalse();
    }

    /** Attempt to read all events at a slow pace, with the longest time between two reads in nanoseconds. */
    private final class SlowRead {
        boolean failed;
        long longestPause;

        SlowRead() throws IOException {
            try (RawConnection slow = new RawConnection(4_096)) {
                slow.send("GET " + uri + " HTTP/1.1\r\nHost: x\r\n\r\n").readUntil("data: {}\n\n");
                CompletableFuture<?> publishing = CompletableFuture.runAsync(() -> publishMuch(SLOWLY_READ));
                long start = System.nanoTime();
                long last = start;

                for (int i = 0; i < SLOWLY_READ && !failed; i++) {
                    failed = !readsEvent(slow, i);
                    longestPause = Math.max(longestPause, System.nanoTime() - last);
                    last = System.nanoTime();
                    pauseUntil(start + i * 75_000_000L);
                }

                Patience.done(publishing);
                failed |= server.subscribers() != 1;
            }
            eventually().until(() -> server.subscribers() == 0);
        }

        private boolean readsEvent(RawConnection slow, int i) {
            try {
                return slow.readUntil("\n\n").contains("data: \"" + i + "x");
            } catch (IOException reset) {
                return false;
            }
        }
    }

    /** Pace of a slow reader, which is the subject of the test, not a wait for a result. */
    private static void pauseUntil(long nanos) {
        while (System.nanoTime() < nanos) {
            LockSupport.parkNanos(nanos - System.nanoTime());
        }
    }
}
