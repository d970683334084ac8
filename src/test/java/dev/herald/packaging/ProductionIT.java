package dev.herald.packaging;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of starting and stopping the packaged application in the production profile, on this JDK. */
class ProductionIT {
    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    @TempDir
    private Path temporary;

    private EventStream open(PackagedHub hub, String path) {
        return subscribers.open(hub.address().resolve(path).toString());
    }

    private PackagedHub.Builder hub() throws IOException {
        return PackagedHub.in(temporary);
    }

    private PackagedHub.Builder openHub() throws IOException {
        return hub().openToAll();
    }

    @Test
    void startWithoutKeysFailsUnlessOpen() throws Exception {
        try (PackagedHub hub = hub().start()) {
            int code = hub.awaitEnd();

            assertThat(code).isNotZero();
            assertThat(hub.output())
                    .contains("Herald does not start: no client could publish or subscribe. Set HERALD_OPEN=true")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void startWithAKeyLogsThePermissionsButNotTheKey() throws Exception {
        String secret = "a secret that only this test knows";

        try (PackagedHub hub =
                hub().setting("HERALD_AUTH_PUBLISHER_KEY", secret).start()) {
            hub.address();

            assertThat(hub.output())
                    .contains("Access is restricted. publishers=HS256 subscribers=none")
                    .doesNotContain(secret, " WARN ", " ERROR ");
        }
    }

    @Test
    void warnsOfTheWellKnownKey() throws Exception {
        String secret = TokenMint.WELL_KNOWN_SECRET;

        try (PackagedHub hub =
                openHub().setting("HERALD_AUTH_SUBSCRIBER_KEY", secret).start()) {
            hub.address();

            assertThat(hub.output())
                    .contains(
                            "This key is published in documents, so that everyone can make valid tokens: set another one."
                                    + " setting=herald.auth.subscriber.key")
                    .contains("A token that is sent must be valid. publishers=anonymous subscribers=anonymous,HS256")
                    .doesNotContain(secret);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-Dherald.sse.hartbeat=1s|herald.sse.hartbeat",
                "-Dherald.sse.heartbeat=0s|herald.sse.heartbeat must be 10ms or more",
                "-Dherald.sse.cursor-interval=0s|herald.sse.cursor-interval must be 10ms or more",
                "-Dherald.sse.max-age=0s|herald.sse.max-age must be 1s or more, or be left out",
                "-Dherald.sse.write-timeout=0s|herald.sse.write-timeout must be 1s or more",
                "-Dherald.publish.max-waiting=0|herald.publish.max-waiting must be 1 or more",
                "-Dherald.cors.origins=https://shop.example/path|must be origins such as https://shop.example",
                "-Dherald.cors.origins=https://shop.*|must be origins such as https://shop.example",
                "-Dherald.auth.cookie.origins=https://*.shop.example|must be origins such as https://shop.example",
                "-Dherald.log.kind=tape|allowed values: ",
                "-Dherald.topic.default=|herald.topic.default",
                "-Dherald.auth.cookie.origins=*|herald.auth.cookie.origins must be origins such as https://shop.example",
                "-Dherald.auth.cookie.name=a b|herald.auth.cookie.name must be letters",
                "-Dherald.auth.publisher.key=short|herald.auth.publisher has a secret that is too short for HS256",
            })
    void startFailsWithInvalidSettings(String option, String reason) throws Exception {
        try (PackagedHub hub = openHub().options(option).start()) {
            int code = hub.awaitEnd();

            assertThat(code).isNotZero();
            assertThat(hub.output()).contains(reason).doesNotContain("\tat ");
        }
    }

    @Test
    void startFailsWithoutAWritableDirectory() throws Exception {
        // A file system where not even root, who bypasses permissions, can create a directory.
        try (PackagedHub hub = openHub().workingDirectory(Path.of("/proc")).start()) {
            int code = hub.awaitEnd();

            assertThat(code).isNotZero();
            assertThat(hub.output())
                    .contains(
                            "Herald does not start: The log cannot write to its directory '/proc/data': grant the hub's user write permission, or configure another one (herald.log.file.path).")
                    .doesNotContain("\tat ");
        }
    }

    /** The self-check at the start sends requests to the hub's own resources, and must publish nothing. */
    @Test
    void startsWithAnEmptyLog() throws Exception {
        try (PackagedHub hub = openHub().start();
                EventStream all = open(hub, "/SSE?topic=*&lastEventID=earliest")) {
            assertThat(publish(hub, "first")).isEqualTo(200);

            assertThat(all.awaitCount(2).data()).singleElement().asString().contains("first");
        }
    }

    @Test
    void storesEventsInTheWorkingDirectoryByDefault() throws Exception {
        PackagedHub.Builder starts = openHub().setting("HERALD_DRAIN", "0s");
        try (PackagedHub hub = starts.start()) {
            assertThat(publish(hub, "kept")).isEqualTo(200);
            hub.terminate();
        }

        try (PackagedHub hub = starts.start();
                EventStream stream = open(hub, "/SSE?lastEventID=earliest")) {
            assertThat(stream.awaitCount(2).data()).containsExactly("{\"message\":\"kept\"}");
        }
        assertThat(temporary.resolve("data")).isDirectory();
    }

    @Test
    void streamsEndOrderlySpreadOverTheDrain() throws Exception {
        try (PackagedHub hub = openHub().setting("HERALD_DRAIN", "2s").start()) {
            List<EventStream> streams = IntStream.range(0, 50)
                    .mapToObj(i -> open(hub, i % 2 == 0 ? "/SSE" : "/.well-known/mercure?topic=a"))
                    .toList();

            int code = hub.terminate();

            assertThat(code).as(hub.output()).isIn(0, 143);
            for (EventStream stream : streams) {
                assertThat(stream.awaitEnd()).isTrue();
                assertThat(stream.status()).isEqualTo(200);
                assertThat(stream.retryMillis()).as("a hint of its own").isBetween(2_000L, 4_000L);
            }
            assertThat(hub.output()).contains("subscribers=50").doesNotContain(" WARN ", " ERROR ");
        }
    }

    @Test
    void announcedBodiesReserveNoMemory() throws Exception {
        try (PackagedHub hub = openHub().options("-Xmx96m").start()) {
            URI address = hub.address();
            List<Socket> promising = connections(
                    address,
                    600,
                    "POST /message HTTP/1.1\r\nHost: x\r\n"
                            + "Content-Type: text/plain\r\nContent-Length: 1048576\r\n\r\nx");

            assertThat(publish(hub, "hello")).isEqualTo(200);
            assertThat(hub.output()).doesNotContain(" ERROR ", "OutOfMemoryError");
            close(promising);
        }
    }

    @Test
    void stalledReadersUseLittleMemoryAndDelayNoOther() throws Exception {
        try (PackagedHub hub = openHub().options("-Xmx96m").start()) {
            URI address = hub.address();
            List<Socket> stopped = connections(address, 1_000, "GET /SSE HTTP/1.1\r\nHost: x\r\n\r\n");
            try (EventStream reading = open(hub, "/SSE")) {
                String text = "x".repeat(100_000);

                for (int i = 0; i < 200; i++) {
                    assertThat(publish(hub, i + text)).isEqualTo(200);
                }

                assertThat(reading.awaitCount(201).data()).last().isEqualTo("{\"message\":\"199" + text + "\"}");
            }
            assertThat(hub.output()).doesNotContain(" ERROR ", "OutOfMemoryError");
            close(stopped);
        }
    }

    @Test
    void releasesBuffersAfterSending() throws Exception {
        try (PackagedHub hub = openHub().options("-XX:MaxDirectMemorySize=16m").start()) {
            URI address = hub.address();
            try (EventStream reading = open(hub, "/SSE")) {
                String text = "x".repeat(20_000);

                for (int i = 0; i < 1_500; i++) {
                    assertThat(publish(hub, i + text)).isEqualTo(200);
                }

                assertThat(reading.awaitCount(1_501).data()).last().isEqualTo("{\"message\":\"1499" + text + "\"}");
            }
            assertThat(hub.output()).doesNotContain(" ERROR ", "OutOfMemoryError");
        }
    }

    private static List<Socket> connections(URI hub, int count, String request) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(hub.getHost(), hub.getPort()));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            sockets.add(socket);
        }
        return sockets;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static int publish(PackagedHub hub, String text) throws IOException, InterruptedException {
        return hub.post("/message", "text/plain", text).statusCode();
    }
}
