package dev.herald.packaging;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the commands {@code backup} and {@code restore} of the packaged hub, and of what its clients see then. */
class BackupIT {
    private static final Path APPLICATION = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    private final AtomicInteger answered = new AtomicInteger();

    @Test
    void restoredBackupOfARunningHubIsAPrefixAndLaterClientsGetAGap() throws Exception {
        PackagedHub.Builder hubs = PackagedHub.in(temporary).openToAll().setting("HERALD_DRAIN", "0s");
        Path backup = temporary.resolve("backup.db");
        int before;
        String lastId;
        try (PackagedHub hub = hubs.start().awaitReady()) {
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    publish(hub);
                }
            });
            eventually().until(() -> answered.get() > 100);

            before = answered.get();
            assertThat(command("backup", temporary.resolve("data").toString(), backup.toString()))
                    .startsWith("0 The backup is complete.");

            int after = answered.get();
            eventually().until(() -> answered.get() > after + 10);
            enough.set(true);
            publishing.join();
            assertThat(command(
                            "restore",
                            backup.toString(),
                            temporary.resolve("data").toString()))
                    .startsWith("1 Another process has the log in");
            try (EventStream stream = subscribers.open(
                    hub.address().resolve("/SSE?since=earliest").toString())) {
                awaitSignal(stream, "live");
                lastId = stream.lastEventId();
            }
            assertThat(hub.terminate()).isIn(0, 143);
            assertThat(hub.output()).doesNotContain(" ERROR ");
        }

        assertThat(command(
                        "restore", backup.toString(), temporary.resolve("data").toString()))
                .startsWith("0 The backup is in place.");
        try (PackagedHub hub = hubs.start().awaitReady()) {
            List<String> restored = replay(hub);
            assertThat(restored).hasSizeBetween(before, answered.get() - 1).isEqualTo(numbers(restored.size()));
            try (EventStream stream =
                    subscribers.resume(hub.address().resolve("/SSE").toString(), lastId)) {
                awaitSignal(stream, "gap");
            }
            assertThat(hub.output()).doesNotContain(" ERROR ").contains("The log was restored from a backup");
        }
    }

    private void publish(PackagedHub hub) {
        try {
            HttpResponse<String> answer = hub.post("/message", "application/json", "\"" + answered.get() + "\"");
            assertThat(answer.statusCode()).isEqualTo(200);
            answered.incrementAndGet();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Data of all events, up to the signal that the stream is live. */
    private List<String> replay(PackagedHub hub) {
        try (EventStream stream =
                subscribers.open(hub.address().resolve("/SSE?since=earliest").toString())) {
            awaitSignal(stream, "live");
            return stream.data();
        }
    }

    private static void awaitSignal(EventStream stream, String type) {
        eventually().until(() -> stream.messages().stream().map(Message::type).anyMatch(type::equals));
    }

    private static List<String> numbers(int count) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add("\"" + i + "\"");
        }
        return numbers;
    }

    /** Exit code and output of a command. */
    private static String command(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(PackagedHub.QUICK_START);
        command.addAll(List.of("-Xmx128m", "-jar", APPLICATION.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(output)
                .isTrue();
        return process.exitValue() + " " + output;
    }
}
