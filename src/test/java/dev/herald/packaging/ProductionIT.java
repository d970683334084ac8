package dev.herald.packaging;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Certificates;
import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of starting and stopping the packaged application in the production profile, on this JDK. */
class ProductionIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LISTENING = Pattern.compile("Listening\\. http=0\\.0\\.0\\.0:(\\d+)"
            + " https=0\\.0\\.0\\.0:(\\d+) certificateExpires=20\\d\\d-\\d\\d-\\d\\dT.*Z");

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
                    .contains("HERALD_AUTH_PUBLISHER_KEY_FILE and HERALD_AUTH_SUBSCRIBER_KEY_FILE")
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
    void warnsOfTheWellKnownKeyAndOfAMisspeltVariable() throws Exception {
        String secret = TokenMint.WELL_KNOWN_SECRET;

        try (PackagedHub hub = openHub()
                .setting("HERALD_AUTH_SUBSCRIBER_KEY", secret)
                .setting("HERALD_SSE_HARTBEAT", "1s")
                // As in a container beside a Service named herald.
                .setting("HERALD_SERVICE_HOST", "10.0.0.1")
                .setting("HERALD_PORT", "tcp://10.0.0.1:80")
                .start()) {
            hub.address();

            assertThat(hub.warnings()).as("besides the one of the open hub").hasSize(2);
            assertThat(hub.output())
                    .containsPattern(
                            " WARN .* The hub is open: all clients may publish and subscribe without a token\\.")
                    .contains(
                            "This key is published in documents, so that everyone can make valid tokens: set another one."
                                    + " setting=herald.auth.subscriber.key")
                    .contains("A token that is sent must be valid. publishers=anonymous subscribers=anonymous,HS256")
                    .containsOnlyOnce("This environment variable has no effect")
                    .contains("variable=HERALD_SSE_HARTBEAT nearest=HERALD_SSE_HEARTBEAT")
                    .doesNotContain(secret);
        }
    }

    /** Each of them fails at another step of the start; {@code SettingsTest} has the table of wrong settings. */
    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                Arguments.of(
                        List.of(
                                "-Dherald.log.kind=tape",
                                "-Dherald.sse.hartbeat=1s",
                                "-Dherald.sse.heartbeat=15",
                                "-Dquarkus.http.idle-timeout=long"),
                        List.of(
                                "herald.log.kind must be file or memory or postgres; it is 'tape' (system property).",
                                "herald.sse.hartbeat does not exist (system property): the nearest setting is"
                                        + " herald.sse.heartbeat.",
                                "from 10ms to 1h; it is '15' (system property).",
                                "quarkus.http.idle-timeout has a value that is not allowed; it is 'long'")),
                Arguments.of(
                        List.of("-Dherald.sse.retry=2000", "-Dherald.sse.compression=maybe"),
                        List.of(
                                "herald.sse.retry must be a duration with its unit (ms, s, m, h or D), such as 2s, from"
                                        + " 0s to 10m; it is '2000' (system property).",
                                "herald.sse.compression must be true or false; it is 'maybe' (system property).")),
                Arguments.of(
                        List.of("-Dherald.cors.origins=https://shop.example/path"),
                        List.of("herald.cors.origins must be origins such as https://shop.example")),
                Arguments.of(
                        List.of("-Dherald.auth.publisher.key=short"),
                        List.of("herald.auth.publisher has a secret that is too short for HS256")),
                Arguments.of(
                        List.of("-Dquarkus.tls.key-store.pem.0.cert=/none", "-Dquarkus.tls.key-store.pem.0.key=/none"),
                        List.of(
                                "quarkus.tls.key-store.pem.0.cert must be a file that this user may read; '/none' does"
                                        + " not exist.",
                                "quarkus.tls.key-store.pem.0.key must be a file that this user may read")),
                Arguments.of(
                        List.of("-Dquarkus.http.host=192.0.2.1"),
                        List.of("quarkus.http.host must be an address of this machine")));
    }

    /** Each line of the output is a JSON object; the page of operations names the switch. */
    @Test
    void startReportsItsLogAccessBudgetsAndListenersAsJson() throws Exception {
        String secret = "a secret that only this test knows";
        Certificates.generateForRsa(temporary, "hub");

        try (PackagedHub hub = hub().setting("HERALD_AUTH_PUBLISHER_KEY", secret)
                .setting("HERALD_AUTH_ANONYMOUS_SUBSCRIBE", "true")
                .setting("HERALD_DRAIN", "0s")
                .options(
                        "-Dquarkus.log.console.json.enabled=true",
                        "-Dquarkus.http.ssl-port=0",
                        "-Dquarkus.http.ssl.certificate.files=" + temporary.resolve("hub.crt"),
                        "-Dquarkus.http.ssl.certificate.key-files=" + temporary.resolve("hub.key"))
                .start()
                .awaitReady()) {
            eventually().until(() -> hub.output().contains("Listening. "));

            List<String> messages = messages(hub.output());

            assertThat(messages)
                    .anySatisfy(line -> assertThat(line)
                            .matches("The log is open\\. directory=" + temporary.resolve("data")
                                    + " events=0 bytes=0 fileBytes=\\d+ generation=1"))
                    .contains(
                            "Access is restricted. publishers=HS256 subscribers=anonymous administrators=none issuers=none")
                    .anySatisfy(
                            line -> assertThat(line).matches("Heap budgets, in bytes\\. heap=\\d+ streams=\\d+ .*"));
            Matcher listening = messages.stream()
                    .map(LISTENING::matcher)
                    .filter(Matcher::matches)
                    .findFirst()
                    .orElseThrow();
            assertThat(hub.address().getPort()).hasToString(listening.group(1));
            assertThat(statusOverTls(Integer.parseInt(listening.group(2)))).isEqualTo(200);
            assertThat(hub.output()).doesNotContain(secret);
            assertThat(hub.terminate()).isEqualTo(143);
            assertThat(messages(hub.output())).last().asString().contains("stopped in");
        }
    }

    /** The messages of lines that are all JSON. */
    private static List<String> messages(String output) throws IOException {
        List<String> messages = new ArrayList<>();
        for (String line : output.lines().toList()) {
            JsonNode entry = JSON.readTree(line);
            assertThat(entry.path("level").asText()).as(line).isIn("INFO", "WARN");
            messages.add(entry.path("message").asText());
        }
        return messages;
    }

    private int statusOverTls(int port) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(Certificates.trusting(temporary.resolve("hub.crt")))
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/q/health/ready"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    /** At the beginning, while the log opens, and during the self-check. */
    @ParameterizedTest
    @ValueSource(strings = {"", "A new log was created.", "Listening on: "})
    void sigtermDuringTheStartEndsTheProcess(String after) throws Exception {
        try (PackagedHub hub = openHub().start()) {
            eventually().until(() -> hub.output().contains(after));

            int code = hub.terminate();

            assertThat(code).as(hub.output()).isEqualTo(143);
            assertThat(hub.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("wrongSettings")
    void startFailsWithASentenceForEachWrongSettingAndCreatesNothing(List<String> options, List<String> sentences)
            throws Exception {
        try (PackagedHub hub = openHub().options(options).start()) {
            int code = hub.awaitEnd();

            assertThat(code).isNotZero();
            assertFailure(hub, sentences);
            assertThat(temporary.resolve("data")).doesNotExist();
        }
    }

    private static void assertFailure(PackagedHub hub, List<String> sentences) throws IOException {
        assertThat(hub.output()).doesNotContain("\tat ", "Exception", " ERROR ").contains(sentences);
        assertThat(hub.output().lines().filter(line -> line.startsWith("Herald does not start: ")))
                .hasSameSizeAs(sentences);
    }

    @Test
    void startFailsWhenItsPortsAreInUse() throws Exception {
        Certificates.generate(temporary, "herald");
        try (ServerSocket http = new ServerSocket(0);
                ServerSocket https = new ServerSocket(0);
                PackagedHub hub = openHub()
                        .port(http.getLocalPort())
                        .options("-Dquarkus.http.ssl-port=" + https.getLocalPort())
                        .setting(
                                "QUARKUS_HTTP_SSL_CERTIFICATE_FILES",
                                temporary.resolve("herald.crt").toString())
                        .setting(
                                "QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES",
                                temporary.resolve("herald.key").toString())
                        .start()) {
            int code = hub.awaitEnd();

            assertThat(code).isNotZero();
            assertFailure(
                    hub,
                    List.of(
                            "port " + http.getLocalPort() + " of 0.0.0.0 is in use by another process: stop it",
                            "port " + https.getLocalPort() + " of 0.0.0.0 is in use by another process: stop it"));
            assertThat(temporary.resolve("data")).doesNotExist();
        }
    }

    @Test
    void startFailsWhenTheDirectoryOfTheLogIsAFile() throws Exception {
        Path file = Files.createFile(temporary.resolve("data"));

        try (PackagedHub hub = openHub().start()) {
            int code = hub.awaitEnd();

            assertThat(code).isNotZero();
            assertFailure(hub, List.of("'" + file.toRealPath() + "' is not a directory: move it away"));
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
            assertThat(hub.output()).containsPattern("events=1 bytes=\\d+ fileBytes=\\d+ generation=2");
        }
        assertThat(temporary.resolve("data")).isDirectory();
    }

    @Test
    void streamsEndOrderlySpreadOverTheDrain() throws Exception {
        try (PackagedHub hub = openHub()
                .setting("HERALD_DRAIN", "2s")
                .setting("HERALD_DRAIN_NOTICE", "0s")
                .start()) {
            List<EventStream> streams = IntStream.range(0, 50)
                    .mapToObj(i -> open(hub, i % 2 == 0 ? "/SSE" : "/.well-known/mercure?topic=a"))
                    .toList();

            int code = hub.terminate();

            assertThat(code).as(hub.output()).isEqualTo(143);
            for (EventStream stream : streams) {
                assertThat(stream.awaitEnd()).isTrue();
                assertThat(stream.status()).isEqualTo(200);
                assertThat(stream.retryMillis()).as("reconnection time").isBetween(2_000L, 4_000L);
            }
            assertThat(hub.output()).contains("Draining: ", "subscribers=50", "Drained: ");
            assertThat(hub.warnings()).isEmpty();
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
