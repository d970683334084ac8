package dev.herald.testing;

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
import java.util.Optional;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static dev.herald.Patience.LIMIT;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of the extension for tests of applications, with the jar of this build. */
@EnabledIf("hasJar")
class HeraldExtensionIT {
    private static final Path JAR = Path.of("target", "herald-testing.jar");

    @RegisterExtension
    static final HeraldExtension hub = new HeraldExtension();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String topic = UUID.randomUUID().toString();

    /** A build of a native image makes none. */
    static boolean hasJar() {
        return Files.exists(JAR);
    }

    private HttpResponse<String> post(HeraldExtension to, String path, String json)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(to.url().resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Opens a stream of the topic; its lines block until the hub sends them. */
    private Stream<String> open(String token) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(hub.url().resolve("/SSE?topic=" + topic))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        BodyHandlers.ofLines())
                .body();
    }

    @Test
    void answeredUpdatesArePublishedInOrderWithAllTheirFields() throws Exception {
        post(hub, "/message?type=paid&id=first&topic=" + topic, "{\"order\":1}");
        post(hub, "/updates", "[{\"topics\":[\"other\",\"" + topic + "\"],\"data\":\"a\\nü\",\"private\":true}]");

        List<PublishedEvent> published = hub.published();

        assertThat(published).hasSize(2);
        assertThat(published.get(0))
                .isEqualTo(new PublishedEvent(List.of(topic), "first", Optional.of("paid"), false, "{\"order\":1}"));
        assertThat(published.get(1).topics()).containsExactly("other", topic);
        assertThat(published.get(1).data()).isEqualTo("a\nü");
        assertThat(published.get(1).isPrivate()).isTrue();
        assertThat(hub.published("other")).containsExactly(published.get(1));
    }

    @Test
    void largeUpdatesArePublished() {
        String data = "x".repeat(700_000);
        for (int i = 0; i < 5; i++) {
            hub.publish(topic, data);
        }

        assertThat(hub.published()).hasSize(5).allMatch(event -> event.data().equals(data));
    }

    @Test
    void eachTestBeginsWithoutUpdates() {
        assertThat(hub.published()).isEmpty();
        String id = hub.publish(topic, "before");
        assertThat(hub.published()).extracting(PublishedEvent::id).containsExactly(id);

        hub.clear();

        assertThat(hub.published()).isEmpty();
    }

    @Test
    void waitsForUpdates() {
        new Thread(() -> hub.publish(topic, "later")).start();

        assertThat(hub.awaitPublished(topic, 1, LIMIT))
                .extracting(PublishedEvent::data)
                .containsExactly("later");
        assertThatThrownBy(() -> hub.awaitPublished(topic, 2, Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2 updates of '" + topic + "'")
                .hasMessageContaining("later");
    }

    @Test
    void subscriberWithATokenReceivesPrivateUpdates() throws Exception {
        try (Stream<String> lines = open(hub.token(List.of(), List.of(topic)))) {
            hub.awaitSubscribers(topic, 1, LIMIT);

            hub.publishPrivate(topic, "secret");

            assertThat(lines.filter("data: secret"::equals).findFirst()).isPresent();
        }
    }

    @Test
    void missingSubscribersAreReported() {
        assertThatThrownBy(() -> hub.awaitSubscribers(topic, 1, Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(topic);
    }

    @Test
    void extensionsWithTheSameSettingsShareAHub() throws Exception {
        HeraldExtension same = new HeraldExtension();
        HeraldExtension guarded = new HeraldExtension().with("herald.open", "false");

        assertThat(same.url()).isEqualTo(hub.url());
        assertThat(guarded.url()).isNotEqualTo(hub.url());
        assertThat(post(guarded, "/message", "1").statusCode()).isEqualTo(401);
        assertThat(guarded.publish(topic, "with a token")).isNotEmpty();
        assertThat(hub.published(topic)).isEmpty();
    }

    @Test
    void invalidSettingIsReportedWithTheHubsOwnWords() {
        HeraldExtension invalid = new HeraldExtension().with("herald.drain", "soon");

        assertThatThrownBy(invalid::url).rootCause().isInstanceOf(IOException.class);
        assertThatThrownBy(invalid::url).hasMessageContaining("herald.drain");
    }

    @Test
    void settingOfAStartedHubIsRejected() {
        URI before = hub.url();

        assertThatThrownBy(() -> hub.with("herald.open", "false"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("herald.open");
        assertThat(hub.url()).isEqualTo(before);
    }

    @Test
    void jarHasNoTests() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.startsWith("dev/herald/testing/")))
                    .contains("dev/herald/testing/HeraldExtension.class")
                    .noneMatch(name -> name.contains("IT") || name.contains("Test.class"));
        }
    }

    @Test
    void rejectedUpdateIsReported() {
        assertThatThrownBy(() -> hub.publish("", "data"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topic");
    }

    /** Also shows that the second start uses the archive of classes that the first one has left. */
    @Test
    void hubEndsWithAKilledJvmAndLeavesAnArchiveOfItsClasses(@TempDir Path cache) throws Exception {
        assertThat(hubOfAKilledJvm(cache)).doesNotContain("-XX:SharedArchiveFile=");
        eventually().until(() -> archives(cache) == 1);

        assertThat(hubOfAKilledJvm(cache)).contains("-XX:SharedArchiveFile=" + cache);
    }

    private static long archives(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).count();
        }
    }

    /** Starts a JVM with a hub, kills it, and waits for the hub's end. Returns the hub's command line. */
    private static String hubOfAKilledJvm(Path cache) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-D" + HubFiles.CACHE + "=" + cache,
                "-cp",
                System.getProperty("java.class.path"),
                HubUser.class.getName());
        builder.environment().remove("CI");
        Process user = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            assertThat(user.inputReader().readLine()).startsWith("http://127.0.0.1:");
            ProcessHandle hub = user.children().findFirst().orElseThrow();
            String command = Files.readString(Path.of("/proc", "" + hub.pid(), "cmdline"));

            user.destroyForcibly();

            eventually().until(() -> !hub.isAlive());
            return command;
        } finally {
            user.destroyForcibly();
        }
    }

    /** Program that starts a hub, prints its address, and waits to be killed. */
    static final class HubUser {
        private HubUser() {}

        public static void main(String... arguments) throws InterruptedException {
            System.out.println(new HeraldExtension().url());
            Thread.sleep(LIMIT.toMillis());
        }
    }
}
