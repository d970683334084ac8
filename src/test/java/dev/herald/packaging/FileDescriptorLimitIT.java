package dev.herald.packaging;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of invariant 9: the first stream, update, rejection or stop loads no class. A fresh hub with few descriptors
 * gets a crowd that uses all of them; afterwards streams work, readiness is correct and a stop ends in time. A ready
 * hub loads none of its own classes, whatever the first request.
 */
class FileDescriptorLimitIT {
    private static final int DESCRIPTORS = 260;
    private static final int CROWD = 400;
    private static final Pattern LATE = Pattern.compile("\\] (dev\\.herald\\.[\\w.$]+) source: (?:jar|file):");

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    @Test
    void freshHubRecoversFromACrowdThatUsesAllDescriptors() throws Exception {
        try (PackagedHub hub = hub().descriptors(DESCRIPTORS).start()) {
            URI address = hub.address();
            List<Socket> crowd = crowd(address);
            try {
                eventually()
                        .until(() -> crowd.stream()
                                        .filter(FileDescriptorLimitIT::answered)
                                        .count()
                                > DESCRIPTORS / 8);
            } finally {
                for (Socket one : crowd) {
                    one.close();
                }
            }

            hub.awaitReady();

            EventStream stream = subscribers
                    .open(address.resolve("/SSE?topic=news").toString())
                    .awaitCount(1);
            assertThat(publish(hub, "\"after the crowd\"")).isEqualTo(200);
            assertThat(stream.awaitCount(2).data()).last().isEqualTo("\"after the crowd\"");
            assertThat(hub.output()).doesNotContain(" ERROR ", "NoClassDefFoundError");
            assertThat(hub.terminate()).isEqualTo(143);
        }
    }

    @Test
    void firstRequestsProbesAndStopLoadNoClassOfTheHub() throws Exception {
        Path loaded = temporary.resolve("classes");
        try (PackagedHub hub = hub().options("-Xlog:class+load:file=" + loaded).start()) {
            URI address = hub.address();
            hub.awaitReady();
            List<String> before = classes(loaded);

            EventStream stream = subscribers
                    .open(address.resolve("/SSE?topic=news").toString())
                    .awaitCount(1);
            EventStream compressed =
                    subscribers.open(address.resolve("/SSE?topic=news").toString(), Map.of("Accept-Encoding", "gzip"));
            assertThat(publish(hub, "\"" + "x".repeat(1_000) + "\"")).isEqualTo(200);
            assertThat(publish(hub, "{")).isEqualTo(400);
            assertThat(hub.get("/nothing").statusCode()).isEqualTo(404);
            for (int repeat = 0; repeat < 2; repeat++) {
                assertThat(keyed(hub, "/message?topic=news", "1", "application/json"))
                        .isEqualTo(200);
                assertThat(keyed(hub, "/updates", "{\"topic\":\"news\",\"data\":\"1\"}\n", "application/x-ndjson"))
                        .isEqualTo(200);
            }
            assertThat(keyed(hub, "/updates", "[{\"topic\":\"news\",\"data\":\"1\"},{}]", "application/json"))
                    .isEqualTo(400);
            stream.awaitCount(4);
            assertThat(hub.get("/q/metrics").statusCode()).isEqualTo(200);
            compressed.close();
            assertThat(hub.terminate()).isEqualTo(143);

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

    private PackagedHub.Builder hub() throws IOException {
        return PackagedHub.in(temporary).withoutSharedClasses().openToAll().setting("HERALD_DRAIN", "1s");
    }

    private static int keyed(PackagedHub hub, String uri, String body, String contentType) throws Exception {
        return hub.send(HttpRequest.newBuilder(hub.address().resolve(uri))
                        .header("Content-Type", contentType)
                        .header("Idempotency-Key", "key-" + uri.length())
                        .POST(BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static int publish(PackagedHub hub, String json) throws IOException, InterruptedException {
        return hub.post("/message?topic=news", "application/json", json).statusCode();
    }
}
