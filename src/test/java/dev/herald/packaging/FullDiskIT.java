package dev.herald.packaging;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.SmallDisk;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the packaged hub on a disk that is full and later has space again. */
class FullDiskIT {
    private static final String PADDING = "x".repeat(100_000);
    private static final int MOST_UPDATES = 1_000;

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    @Test
    void fullDiskRejectsUpdatesButNotReadersUntilSpaceIsFree() throws Exception {
        Path data = Files.createDirectory(temporary.resolve("data"));
        try (SmallDisk disk = SmallDisk.mount(data, 8);
                PackagedHub hub = PackagedHub.in(temporary)
                        .openToAll()
                        .setting("HERALD_LOG_FILE_PATH", data.resolve("log").toString())
                        .start()) {
            Path ballast = disk.ballast(4);

            int taken = fill(hub);

            HttpResponse<String> ready = hub.get("/q/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"writable\": false");
            assertThat(hub.get("/q/health/live").statusCode()).isEqualTo(200);
            try (EventStream reader = subscribers.open(
                    hub.address().resolve("/SSE?lastEventID=earliest").toString())) {
                assertThat(reader.awaitCount(1 + taken).data())
                        .startsWith("\"0" + PADDING + "\"")
                        .endsWith("\"" + (taken - 1) + PADDING + "\"");
                Files.delete(ballast);
                hub.awaitReady();

                assertThat(publish(hub, "\"again\"").statusCode()).isEqualTo(200);

                assertThat(reader.awaitCount(2 + taken).data()).last().isEqualTo("\"again\"");
            }
            assertThat(hub.output()).containsOnlyOnce(" ERROR ").contains("The log accepts updates again.");
        }
    }

    /** Publishes until the hub rejects an update; returns the number of accepted ones. */
    private int fill(PackagedHub hub) throws IOException, InterruptedException {
        for (int i = 0; i < MOST_UPDATES; i++) {
            HttpResponse<String> answer = publish(hub, "\"" + i + PADDING + "\"");
            if (answer.statusCode() != 200) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
                assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
                assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(answer.body())
                        .contains("urn:problem-type:herald:storage-full", "Retry after the operator has freed space.");
                return i;
            }
        }
        throw new AssertionError("The disk was never full.");
    }

    private static HttpResponse<String> publish(PackagedHub hub, String json) throws IOException, InterruptedException {
        return hub.post("/message", "application/json", json);
    }
}
