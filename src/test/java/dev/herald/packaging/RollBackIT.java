package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test of the commands of the page on operations for an upgrade with systemd and the way back. They run as printed,
 * below the test's directory. The test starts and stops the hub where they start and stop it with systemd.
 */
class RollBackIT {
    /** The commands run as root; the test has no other user. */
    private static final String SHELL = "sudo() { shift 2; \"$@\"; }\n";

    @TempDir
    private Path root;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    private PackagedHub.Builder hubs;
    private PackagedHub hub;

    @AfterEach
    void stop() {
        if (hub != null) {
            hub.close();
        }
    }

    @Test
    void olderVersionServesTheBackupAfterTheNewerOneHasChangedTheLog() throws Exception {
        Path application = root.resolve("opt/herald");
        Path log = Files.createDirectories(root.resolve("var/lib/herald"));
        hubs = PackagedHub.in(root)
                .application(application)
                .openToAll()
                .setting("HERALD_LOG_FILE_PATH", log.toString())
                .setting("HERALD_DRAIN_NOTICE", "0s");
        run("mkdir -p /opt && cp -r target/quarkus-app /opt/herald && touch /opt/herald/older");
        hub = hubs.start().awaitReady();
        publish("0");
        publish("1");

        run(OperationsPage.line("backup /var/lib/herald"));
        runWithSystemd(OperationsPage.block("mv /opt/herald /opt/herald-previous"));
        hub.awaitReady();
        assertThat(application.resolve("older")).doesNotExist();
        publish("2");
        String lastId = lastId();
        runWithSystemd("systemctl stop herald");
        changeAsANewerVersion(log.resolve("herald.db"));

        runWithSystemd(OperationsPage.block("mv /opt/herald-previous /opt/herald"));
        assertThat(application.resolve("older")).exists();
        assertThat(hub.awaitEnd()).isEqualTo(1);
        assertThat(hub.output()).contains("was written by a newer Herald").contains("restore a backup");
        run(OperationsPage.line("restore /var/lib/herald")
                .replaceAll("herald-[\\d-]+\\.db", "herald-\\$(date +%Y)-*.db"));
        runWithSystemd("systemctl start herald");

        hub.awaitReady();
        try (EventStream behind = subscribers.open(uri("/SSE?since=earliest"));
                EventStream ahead = subscribers.resume(uri("/SSE"), lastId)) {
            awaitSignal(behind, "live");
            assertThat(behind.data()).containsExactly("\"0\"", "\"1\"");
            awaitSignal(ahead, "gap");
        }
    }

    private static void changeAsANewerVersion(Path log) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + log);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE event ADD COLUMN newer TEXT");
            statement.execute("PRAGMA user_version = 99");
        }
    }

    private void publish(String text) throws IOException, InterruptedException {
        assertThat(hub.post("/message", "application/json", '"' + text + '"').statusCode())
                .isEqualTo(200);
    }

    private String uri(String path) {
        return hub.address().resolve(path).toString();
    }

    private String lastId() {
        try (EventStream stream = subscribers.open(uri("/SSE?since=earliest"))) {
            awaitSignal(stream, "live");
            return stream.lastEventId();
        }
    }

    private static void awaitSignal(EventStream stream, String type) {
        eventually().until(() -> stream.messages().stream().map(Message::type).anyMatch(type::equals));
    }

    /** Runs a block, line by line. */
    private void runWithSystemd(String block) throws Exception {
        for (String line : block.lines().toList()) {
            switch (line) {
                case "systemctl stop herald" -> assertThat(hub.terminate()).isIn(0, 143);
                case "systemctl start herald" -> hub = hubs.start();
                default -> run(line);
            }
        }
    }

    private void run(String line) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        String script = SHELL
                + Stream.of("/opt", "/var/lib")
                        .reduce(line, (text, directory) -> text.replace(directory, root + directory));
        ProcessBuilder shell = new ProcessBuilder(List.of("bash", "-euc", script)).redirectErrorStream(true);
        shell.environment().merge("PATH", java, (path, first) -> first + ":" + path);
        shell.environment().put("JDK_JAVA_OPTIONS", String.join(" ", PackagedHub.QUICK_START));
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(process.exitValue()).as(line + "\n" + output).isZero();
    }
}
