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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Tests of the image {@code Dockerfile.jvm} without a container engine: its files and its entry point, run on a JDK 25
 * by a user who may write only to its two volumes.
 */
class DockerfileJvmIT {
    private static final Path APPLICATION = Path.of("target", "quarkus-app");
    private static final Duration DRAIN = Duration.ofSeconds(2);
    /** Limit for the drain, a grace of one second, and the exit on a busy machine. */
    private static final Duration END = DRAIN.plusSeconds(15);

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    private final HttpClient client = HttpClient.newHttpClient();
    private Dockerfile dockerfile;

    @BeforeEach
    void read() throws IOException {
        PackagedHub.assumeJar();
        dockerfile = Dockerfile.read("Dockerfile.jvm");
    }

    @Test
    void imageContainsTheWholeApplication() throws IOException {
        try (Stream<Path> made = Files.list(APPLICATION)) {
            assertThat(dockerfile.copied())
                    .containsExactlyInAnyOrderElementsOf(made
                            // List for dependency scanners.
                            .filter(path -> !path.endsWith("quarkus-app-dependencies.txt"))
                            .toList());
        }
    }

    @Test
    void becomesReadyAndStreamsPublishedEvents() throws Exception {
        try (Container container = start();
                EventStream stream = open(container, "/SSE")) {
            HttpResponse<String> published = publish(container.address(), "hello");

            assertThat(published.body()).isEqualTo("success");
            assertThat(stream.awaitCount(2).data()).containsExactly("{\"message\":\"hello\"}");
            await().untilAsserted(() -> assertThat(get(container.address(), "/q/health/ready"))
                    .extracting(HttpResponse::statusCode)
                    .isEqualTo(200));
        }
    }

    @Test
    void servesThePageUnpackedToTheTemporaryDirectory() throws Exception {
        try (Container container = start()) {
            HttpResponse<String> page = get(container.address(), "/");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).containsIgnoringCase("<!doctype html>");
        }
    }

    @Test
    void nextContainerReplaysEventsFromTheVolume() throws Exception {
        try (Container container = start()) {
            publish(container.address(), "kept");
            container.terminate(END);
        }

        try (Container container = start();
                EventStream stream = open(container, "/SSE?lastEventID=earliest")) {
            assertThat(stream.awaitCount(2).data()).containsExactly("{\"message\":\"kept\"}");
        }
    }

    @Test
    void volumeBelongsToTheUserOfTheImage() {
        String path = dockerfile.environment("HERALD_LOG_FILE_PATH");

        assertThat(dockerfile.volumes()).containsExactlyInAnyOrder(path, "/tmp");
        assertThat(dockerfile.instructions())
                .filteredOn(line -> line.startsWith("RUN ") || line.startsWith("VOLUME ") || line.startsWith("USER "))
                .as("what happens to a volume after it was declared is lost")
                .containsExactly(
                        "RUN mkdir -m 0700 " + path + " && chown " + dockerfile.user() + " " + path,
                        "VOLUME " + String.join(" ", dockerfile.volumes()),
                        "USER " + dockerfile.user());
    }

    @Test
    void jvmAcceptsItsOptionsWithoutAWarning() throws Exception {
        try (Container container = start()) {
            publish(container.address(), "hello");

            assertThat(container.output()).doesNotContainIgnoringCase("warning").doesNotContain(" WARN ", " ERROR ");
        }
    }

    @Test
    void sigtermEndsStreamsOrderlyAndThenTheProcess() throws Exception {
        try (Container container = start();
                EventStream stream = open(container, "/SSE")) {
            int code = container.terminate(END);

            // 143: ended by signal 15, after a complete shutdown.
            assertThat(code).as(container.output()).isIn(0, 143);
            assertThat(stream.awaitEnd()).isTrue();
            assertThat(stream.status()).isEqualTo(200);
        }
    }

    private EventStream open(Container container, String path) {
        return subscribers.open(container.address().resolve(path).toString());
    }

    private Container start() throws IOException {
        Path java = java();
        Path application = readOnlyCopy();
        // The user needs access to these directories, and may write to the volumes only.
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path tmp = volume("/tmp");
        Path data = ownVolume(dockerfile.environment("HERALD_LOG_FILE_PATH"));

        List<String> command = new ArrayList<>();
        for (String word : dockerfile.entryPoint()) {
            command.add(word.replaceFirst("^/app/", application + "/").replaceFirst("^java$", java.toString()));
        }
        command.addAll(1, List.of("-Djava.io.tmpdir=" + tmp, "-Dquarkus.http.port=0"));
        return Container.start(
                root() ? Container.asUser(dockerfile.user(), command) : command,
                Map.of(
                        "HERALD_OPEN",
                        "true",
                        "HERALD_DRAIN",
                        DRAIN.toString(),
                        "HERALD_LOG_FILE_PATH",
                        data.toString()),
                application,
                temporary.resolve("output"));
    }

    private Path volume(String path) throws IOException {
        Path directory = Files.createDirectories(temporary.resolve(path.substring(1)));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        return directory;
    }

    /** Creates a volume owned by the user of the image. */
    private Path ownVolume(String path) throws IOException {
        Path directory = Files.createDirectories(temporary.resolve(path.substring(1)));
        if (root()) {
            String[] ids = dockerfile.user().split(":");
            Files.setAttribute(directory, "unix:uid", Integer.parseInt(ids[0]));
            Files.setAttribute(directory, "unix:gid", Integer.parseInt(ids[1]));
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        return directory;
    }

    private static boolean root() {
        boolean root = System.getProperty("user.name").equals("root");
        if (!root) {
            System.err.println("NOT CHECKED: that the image's own user can run it, for which this must run as root.");
        }
        return root;
    }

    private static Path java() throws IOException {
        Optional<Path> java = Jdk25.java();
        if (java.isEmpty()) {
            String missing = "no JDK 25 was found: set JAVA25_HOME to one";
            if (System.getenv("CI") != null && System.getenv("HERALD_CI_WITHOUT_JDK25") == null) {
                fail("Dockerfile.jvm cannot be checked, since " + missing + ", or HERALD_CI_WITHOUT_JDK25 to skip it.");
            }
            System.err.println("NOT CHECKED: that the entry point of Dockerfile.jvm works, since " + missing + ".");
            abort(missing);
        }
        return java.get();
    }

    private Path readOnlyCopy() throws IOException {
        Path copy = temporary.resolve("app");
        if (Files.exists(copy)) {
            return copy;
        }
        List<Path> made;
        try (Stream<Path> walk = Files.walk(APPLICATION)) {
            made = walk.toList();
        }
        for (Path path : made) {
            Files.copy(path, copy.resolve(APPLICATION.relativize(path)));
        }
        // Leaves first, since nothing can be changed below a read-only directory.
        for (int i = made.size() - 1; i >= 0; i--) {
            Files.setPosixFilePermissions(
                    copy.resolve(APPLICATION.relativize(made.get(i))), PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        return copy;
    }

    private HttpResponse<String> publish(URI hub, String text) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(hub.resolve("/message"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(text))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> get(URI hub, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(hub.resolve(path)).build(), BodyHandlers.ofString());
    }
}
