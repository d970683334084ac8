package dev.herald.packaging;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Invariant 9: nothing that the first stream, update, refusal or stop needs is loaded by it. A fresh hub of few descriptors
 * meets a crowd that takes all of them: when the crowd has gone, streams work, readiness says the truth and a stop ends in
 * time. And of a hub that is ready, no class of its own is loaded late, whatever is asked of it first.
 */
class FewFilesIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int DESCRIPTORS = 260;
    private static final int CROWD = 400;
    private static final Pattern LATE = Pattern.compile("\\] (dev\\.herald\\.[\\w.$]+) source: (?:jar|file):");

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void needsAJar() throws IOException {
        if (!Files.readString(Path.of("target/quarkus-artifact.properties")).contains("type=jar")) {
            abort("This build made a native binary, which loads no classes.");
        }
    }

    @Test
    void aCrowdThatTakesAllDescriptorsOfAFreshHubIsSurvived() throws Exception {
        try (Container hub = start(List.of("bash", "-c", "ulimit -n " + DESCRIPTORS + "; exec \"$@\"", "hub"))) {
            URI address = hub.address();
            List<Socket> crowd = crowd(address);
            try {
                eventually()
                        .until(() -> crowd.stream().filter(FewFilesIT::answered).count() > DESCRIPTORS / 8);
            } finally {
                for (Socket one : crowd) {
                    one.close();
                }
            }

            eventually()
                    .ignoreExceptions()
                    .until(() -> get(address, "/q/health/ready").statusCode() == 200);

            EventStream stream = subscribers
                    .open(address.resolve("/SSE?topic=news").toString())
                    .awaitCount(1);
            assertThat(publish(address, "\"after the crowd\"").statusCode()).isEqualTo(200);
            assertThat(stream.awaitCount(2).data()).last().isEqualTo("\"after the crowd\"");
            assertThat(hub.output()).doesNotContain(" ERROR ", "NoClassDefFoundError");
            assertThat(hub.terminate(DEADLINE)).isEqualTo(143);
        }
    }

    @Test
    void noClassOfTheHubIsLoadedByTheFirstStreamUpdateRefusalProbeOrStop() throws Exception {
        Path loaded = temporary.resolve("classes");
        try (Container hub = start(List.of(), "-Xlog:class+load:file=" + loaded)) {
            URI address = hub.address();
            eventually().until(() -> get(address, "/q/health/ready").statusCode() == 200);
            List<String> before = classes(loaded);

            EventStream stream = subscribers
                    .open(address.resolve("/SSE?topic=news").toString())
                    .awaitCount(1);
            EventStream compressed =
                    subscribers.open(address.resolve("/SSE?topic=news").toString(), Map.of("Accept-Encoding", "gzip"));
            assertThat(publish(address, "\"" + "x".repeat(1_000) + "\"").statusCode())
                    .isEqualTo(200);
            assertThat(publish(address, "{").statusCode()).isEqualTo(400);
            assertThat(get(address, "/nothing").statusCode()).isEqualTo(404);
            stream.awaitCount(2);
            compressed.close();
            assertThat(hub.terminate(DEADLINE)).isEqualTo(143);

            List<String> late = classes(loaded);
            late.removeAll(before);
            assertThat(late).isEmpty();
        }
    }

    private static List<String> classes(Path loaded) throws IOException {
        try (Stream<String> lines = Files.lines(loaded)) {
            return new ArrayList<>(
                    lines.flatMap(line -> LATE.matcher(line).results().map(found -> found.group(1)))
                            .toList());
        }
    }

    private List<Socket> crowd(URI hub) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        byte[] request = ("GET /SSE?topic=crowd HTTP/1.1\r\nHost: " + hub.getAuthority() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < CROWD; i++) {
            sockets.add(new Socket(hub.getHost(), hub.getPort()));
        }
        for (Socket socket : sockets) {
            socket.getOutputStream().write(request);
        }
        return sockets;
    }

    private static boolean answered(Socket socket) {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Container start(List<String> before, String... options) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(JAVA.toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-Djava.io.tmpdir=" + temporary,
                "-Dquarkus.http.port=0",
                "-jar",
                Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().toString()));
        return Container.start(
                command,
                Map.of(
                        "HERALD_OPEN",
                        "true",
                        "HERALD_DRAIN",
                        "1s",
                        "HERALD_LOG_FILE_PATH",
                        temporary.resolve("log").toString()),
                temporary,
                temporary.resolve("output"));
    }

    private HttpResponse<String> publish(URI hub, String json) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(hub.resolve("/message?topic=news"))
                        .header("Content-Type", "application/json")
                        .timeout(DEADLINE)
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(URI hub, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(hub.resolve(path)).timeout(DEADLINE).build(), BodyHandlers.ofString());
    }
}
