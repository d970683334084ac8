package dev.herald.packaging;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** The packaged application as an operator starts and stops it, in the production profile, on this JDK. */
class ProductionIT {
    private static final Path BUILT = Path.of("target");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path temporary;

    @BeforeEach
    void needsAJar() throws IOException {
        if (!Files.readString(BUILT.resolve("quarkus-artifact.properties")).contains("type=jar")) {
            abort("This build made a native binary, and no application for a JVM.");
        }
    }

    private EventStream open(Container hub, String path) {
        return subscribers.open(hub.address().resolve(path).toString());
    }

    private Container start(Map<String, String> environment, String... options) throws IOException {
        return startIn(temporary, environment, options);
    }

    private Container startIn(Path directory, Map<String, String> environment, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(JAVA.toString(), "-Djava.io.tmpdir=" + temporary, "-Dquarkus.http.port=0"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-jar",
                BUILT.resolve("quarkus-app/quarkus-run.jar").toAbsolutePath().toString()));
        return Container.start(command, environment, directory, temporary.resolve("output"));
    }

    @Test
    void refusesToStartUntilItIsToldToBeOpen() throws Exception {
        try (Container hub = start(Map.of())) {
            int code = hub.awaitEnd(DEADLINE);

            assertThat(code).isNotZero();
            assertThat(hub.output())
                    .contains("Herald does not start: it would let nobody publish or subscribe. Set HERALD_OPEN=true")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void startsWithAKeyAndSaysWhoMayComeInButNotTheKey() throws Exception {
        String secret = "a secret that only this test knows";

        try (Container hub = start(Map.of("HERALD_AUTH_PUBLISHER_KEY", secret))) {
            hub.address();

            assertThat(hub.output())
                    .contains("The hub lets in whom it is told to. publishers=HS256 subscribers=nobody")
                    .doesNotContain(secret, " WARN ", " ERROR ");
        }
    }

    @Test
    void warnsOfTheKeyThatEverybodyKnows() throws Exception {
        String secret = TokenMint.WELL_KNOWN_SECRET;

        try (Container hub = start(Map.of("HERALD_OPEN", "true", "HERALD_AUTH_SUBSCRIBER_KEY", secret))) {
            hub.address();

            assertThat(hub.output())
                    .contains("Everybody knows this key and can make tokens that count here: set another one."
                            + " setting=herald.auth.subscriber.key")
                    .contains("a token must be good if one is sent. publishers=anybody subscribers=anybody,HS256")
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
    void refusesToStartWithSettingsThatCannotBe(String option, String reason) throws Exception {
        try (Container hub = start(Map.of("HERALD_OPEN", "true"), option)) {
            int code = hub.awaitEnd(DEADLINE);

            assertThat(code).isNotZero();
            assertThat(hub.output()).contains(reason).doesNotContain("\tat ");
        }
    }

    @Test
    void refusesToStartWhereItCannotKeepEvents() throws Exception {
        // Nobody may make a directory there, not even root, whom permissions do not stop.
        try (Container hub = startIn(Path.of("/proc"), Map.of("HERALD_OPEN", "true"))) {
            int code = hub.awaitEnd(DEADLINE);

            assertThat(code).isNotZero();
            assertThat(hub.output())
                    .contains(
                            "Herald does not start: The log cannot write to its directory '/proc/data': give the hub's"
                                    + " user the right to, or name another one (herald.log.file.path).")
                    .doesNotContain("\tat ");
        }
    }

    /** The self-check at the start sends requests to the hub's own resources, and must publish nothing. */
    @Test
    void startsWithAnEmptyLog() throws Exception {
        try (Container hub = start(Map.of("HERALD_OPEN", "true"));
                EventStream all = open(hub, "/SSE?topic=*&lastEventID=earliest")) {
            assertThat(publish(hub.address(), "first")).isEqualTo(200);

            assertThat(all.awaitCount(2).data()).singleElement().asString().contains("first");
        }
    }

    @Test
    void keepsEventsWhereItWasStartedUnlessItIsToldOtherwise() throws Exception {
        Map<String, String> environment = Map.of("HERALD_OPEN", "true", "HERALD_DRAIN", "0s");
        try (Container hub = start(environment)) {
            assertThat(publish(hub.address(), "kept")).isEqualTo(200);
            hub.terminate(DEADLINE);
        }

        try (Container hub = start(environment);
                EventStream stream = open(hub, "/SSE?lastEventID=earliest")) {
            assertThat(stream.awaitCount(2).data()).containsExactly("{\"message\":\"kept\"}");
        }
        assertThat(temporary.resolve("data")).isDirectory();
    }

    @Test
    void endsManyStreamsInGoodOrderSpreadOverTheDrain() throws Exception {
        try (Container hub = start(Map.of("HERALD_OPEN", "true", "HERALD_DRAIN", "2s"))) {
            List<EventStream> streams = IntStream.range(0, 50)
                    .mapToObj(i -> open(hub, i % 2 == 0 ? "/SSE" : "/.well-known/mercure?topic=a"))
                    .toList();

            int code = hub.terminate(DEADLINE);

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
    void promisesOfBodiesCostNoMemory() throws Exception {
        try (Container hub = start(Map.of("HERALD_OPEN", "true"), "-Xmx96m")) {
            URI address = hub.address();
            List<Socket> promising = connections(
                    address,
                    600,
                    "POST /message HTTP/1.1\r\nHost: x\r\n"
                            + "Content-Type: text/plain\r\nContent-Length: 1048576\r\n\r\nx");

            assertThat(publish(address, "hello")).isEqualTo(200);
            assertThat(hub.output()).doesNotContain(" ERROR ", "OutOfMemoryError");
            close(promising);
        }
    }

    @Test
    void readersThatStopCostLittleMemoryAndDelayNobody() throws Exception {
        try (Container hub = start(Map.of("HERALD_OPEN", "true"), "-Xmx96m")) {
            URI address = hub.address();
            List<Socket> stopped = connections(address, 1_000, "GET /SSE HTTP/1.1\r\nHost: x\r\n\r\n");
            try (EventStream reading = open(hub, "/SSE")) {
                String text = "x".repeat(100_000);

                for (int i = 0; i < 200; i++) {
                    assertThat(publish(address, i + text)).isEqualTo(200);
                }

                assertThat(reading.awaitCount(201).data()).last().isEqualTo("{\"message\":\"199" + text + "\"}");
            }
            assertThat(hub.output()).doesNotContain(" ERROR ", "OutOfMemoryError");
            close(stopped);
        }
    }

    @Test
    void letsGoOfWhatItHasSent() throws Exception {
        try (Container hub = start(Map.of("HERALD_OPEN", "true"), "-XX:MaxDirectMemorySize=16m")) {
            URI address = hub.address();
            try (EventStream reading = open(hub, "/SSE")) {
                String text = "x".repeat(20_000);

                for (int i = 0; i < 1_500; i++) {
                    assertThat(publish(address, i + text)).isEqualTo(200);
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

    private int publish(URI hub, String text) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(hub.resolve("/message"))
                                .header("Content-Type", "text/plain")
                                .timeout(DEADLINE)
                                .POST(BodyPublishers.ofString(text))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
