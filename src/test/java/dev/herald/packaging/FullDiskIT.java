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

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the packaged hub on a disk that is full, later has space again, and is full at the stop. */
class FullDiskIT {
    private static final String PADDING = "x".repeat(100_000);
    private static final int MOST_UPDATES = 1_000;
    private static final String WRITABLE = "\"writable\": true";
    private static final String READ_ONLY = "\"writable\": false";

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    @Test
    void fullDiskRejectsUpdatesButNotReadersUntilSpaceIsFree() throws Exception {
        Path data = Files.createDirectory(temporary.resolve("data"));
        try (SmallDisk disk = SmallDisk.mount(data, 8);
                PackagedHub hub = hub(data).start()) {
            Path ballast = disk.ballast(4);
            EventStream early = subscribers.open(stream(hub));
            int taken = fill(hub);

            assertThat(ready(hub, 200)).contains(READ_ONLY);
            assertThat(hub.get("/q/health/live").statusCode()).isEqualTo(200);
            EventStream reader = subscribers.open(stream(hub) + "?lastEventID=earliest");
            assertThat(reader.awaitCount(1 + taken).data())
                    .startsWith("\"0" + PADDING + "\"")
                    .endsWith("\"" + (taken - 1) + PADDING + "\"");
            Files.delete(ballast);
            // Nobody publishes meanwhile: the log notices by itself.
            eventually().until(() -> ready(hub, 200).contains(WRITABLE));

            assertThat(publish(hub, "\"again\"").statusCode()).isEqualTo(200);

            assertThat(reader.awaitCount(2 + taken).data()).last().isEqualTo("\"again\"");
            assertThat(early.awaitCount(2 + taken).data())
                    .hasSize(taken + 1)
                    .last()
                    .isEqualTo("\"again\"");
            assertThat(hub.output()).containsOnlyOnce(" ERROR ").contains("The log accepts updates again.");

            disk.fill();
            assertThat(hub.terminate()).isEqualTo(143);
            assertThat(reader.awaitEnd()).isTrue();
        }
    }

    @Test
    void hubOnAFullDiskIsNotReadyIfSoConfigured() throws Exception {
        Path data = Files.createDirectory(temporary.resolve("data"));
        try (SmallDisk disk = SmallDisk.mount(data, 8);
                PackagedHub hub = hub(data)
                        .setting("HERALD_READY_WHEN_READ_ONLY", "false")
                        .start()) {
            Path ballast = disk.ballast(4);
            fill(hub);

            assertThat(ready(hub, 503)).contains(READ_ONLY);

            Files.delete(ballast);
            hub.awaitReady();
        }
    }

    private PackagedHub.Builder hub(Path data) throws IOException {
        return PackagedHub.in(temporary)
                .openToAll()
                .setting("HERALD_DRAIN", "1s")
                .setting("HERALD_LOG_FILE_PATH", data.resolve("log").toString());
    }

    private static String stream(PackagedHub hub) {
        return hub.address().resolve("/SSE").toString();
    }

    /** Body of the readiness probe, which must have this status. */
    private static String ready(PackagedHub hub, int status) throws IOException, InterruptedException {
        HttpResponse<String> ready = hub.get("/q/health/ready");
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(status);
        return ready.body();
    }

    /** Publishes until the hub rejects an update; returns the number of accepted ones. */
    private int fill(PackagedHub hub) throws IOException, InterruptedException {
        hub.awaitReady();
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
