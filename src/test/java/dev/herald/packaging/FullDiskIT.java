package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.SmallDisk;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** The packaged hub on a disk that is full, and then is not. */
class FullDiskIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String PADDING = "x".repeat(100_000);
    private static final int MOST_UPDATES = 1_000;

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void needsAJar() throws IOException {
        if (!Files.readString(Path.of("target/quarkus-artifact.properties")).contains("type=jar")) {
            abort("This build made a native binary, and no application for a JVM.");
        }
    }

    @Test
    void refusesUpdatesServesReadersTellsItsProbesAndGoesOnWhenThereIsRoom() throws Exception {
        Path data = Files.createDirectory(temporary.resolve("data"));
        try (SmallDisk disk = SmallDisk.mount(data, 8);
                Container hub = start(data)) {
            URI address = hub.address();
            Path ballast = disk.ballast(4);

            int taken = fill(address);

            HttpResponse<String> ready = get(address, "/q/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"writable\": false");
            assertThat(get(address, "/q/health/live").statusCode()).isEqualTo(200);
            try (EventStream reader = subscribers.open(
                    address.resolve("/SSE?lastEventID=earliest").toString())) {
                assertThat(reader.awaitCount(1 + taken).data())
                        .startsWith("\"0" + PADDING + "\"")
                        .endsWith("\"" + (taken - 1) + PADDING + "\"");
                Files.delete(ballast);
                eventually().until(() -> get(address, "/q/health/ready").statusCode() == 200);

                assertThat(publish(address, "\"again\"").statusCode()).isEqualTo(200);

                assertThat(reader.awaitCount(2 + taken).data()).last().isEqualTo("\"again\"");
            }
            assertThat(hub.output()).containsOnlyOnce(" ERROR ").contains("The log takes updates again.");
        }
    }

    /** Publishes until the hub has no room any more; returns how many updates it took. */
    private int fill(URI hub) throws IOException, InterruptedException {
        for (int i = 0; i < MOST_UPDATES; i++) {
            HttpResponse<String> answer = publish(hub, "\"" + i + PADDING + "\"");
            if (answer.statusCode() != 200) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
                assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(answer.body()).contains("urn:problem-type:herald:storage-full", "made room");
                return i;
            }
        }
        throw new AssertionError("The disk was never full.");
    }

    private Container start(Path data) throws IOException {
        return Container.start(
                List.of(
                        JAVA.toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-Dquarkus.http.port=0",
                        "-jar",
                        Path.of("target/quarkus-app/quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()),
                Map.of(
                        "HERALD_OPEN",
                        "true",
                        "HERALD_LOG_FILE_PATH",
                        data.resolve("log").toString()),
                temporary,
                temporary.resolve("output"));
    }

    private HttpResponse<String> publish(URI hub, String json) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(hub.resolve("/message"))
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
