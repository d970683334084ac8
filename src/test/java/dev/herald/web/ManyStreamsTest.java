package dev.herald.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.hub.Hub;
import dev.herald.sse.EventStream;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of many concurrent streams over real sockets: PROTOCOL E5, E9, and invariants 3, 5 and 6 over HTTP. */
@QuarkusTest
class ManyStreamsTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    Hub server;

    private final String topic = UUID.randomUUID().toString();

    @Test
    void e5BurstsFrom20PublishersReach1000StreamsOnceAndInOrder() throws Exception {
        List<EventStream> streams = IntStream.range(0, 1_000)
                .mapToObj(i -> hub.open("/SSE?topic=" + topic))
                .toList();
        List<String> answered = Collections.synchronizedList(new ArrayList<>());
        ExecutorService publishers = Executors.newFixedThreadPool(20);

        List<Future<?>> bursts = new ArrayList<>();
        for (int p = 0; p < 20; p++) {
            int publisher = p;
            bursts.add(publishers.submit(() -> IntStream.range(0, 20)
                    .mapToObj(n -> "\"" + publisher + ":" + n + "\"")
                    .peek(json -> publish(topic, json))
                    .forEach(answered::add)));
        }
        for (Future<?> burst : bursts) {
            burst.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        publishers.shutdown();

        List<String> order = streams.get(0).awaitCount(401).data();
        assertThat(order).hasSize(400).containsExactlyInAnyOrderElementsOf(answered);
        for (int p = 0; p < 20; p++) {
            String mine = "\"" + p + ":";
            assertThat(order.stream().filter(json -> json.startsWith(mine)))
                    .as("one publisher's order, each answered before the next was sent")
                    .containsExactlyElementsOf(IntStream.range(0, 20)
                            .mapToObj(n -> mine + n + "\"")
                            .toList());
        }
        for (EventStream stream : streams) {
            assertThat(stream.awaitCount(401).data()).isEqualTo(order);
            assertThat(stream.isOpen()).isTrue();
        }
    }

    @Test
    void streamIsRemovedAtOnceWhenItsClientDisconnects() {
        eventually().until(() -> server.subscribers() == 0);
        int before = server.subscribers();
        List<EventStream> streams = IntStream.range(0, 100)
                .mapToObj(i -> hub.live("/SSE?topic=" + topic))
                .toList();
        assertThat(server.subscribers()).isEqualTo(before + 100);

        streams.forEach(EventStream::close);

        eventually().until(() -> server.subscribers() == before);
    }

    @Test
    void e9StalledClientDelaysNoOtherAndLosesNothing() throws IOException {
        String padding = "x".repeat(100_000);
        List<String> expected =
                IntStream.range(0, 100).mapToObj(i -> "\"" + i + padding + "\"").toList();
        EventStream quick = hub.live("/SSE?topic=" + topic);
        try (RawConnection slow = new RawConnection(4_096)) {
            slow.send("GET /SSE?topic=" + topic + " HTTP/1.0\r\n\r\n").readUntil("data: {}\n\n");

            expected.forEach(json -> publish(topic, json));

            assertThat(quick.awaitCount(101).data()).isEqualTo(expected);
            for (String json : expected) {
                assertThat(slow.readUntil("\n\n")).endsWith("\ndata: " + json + "\n\n");
            }
        }
    }
}
