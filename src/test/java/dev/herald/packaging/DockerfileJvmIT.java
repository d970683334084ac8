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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.vertx.core.http.HttpClientOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Programs;
import dev.herald.packaging.ImageRoot.Mount;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Tests of the image {@code Dockerfile.jvm} without a container engine. Its file system is made by its own
 * instructions. Its entry point runs on a JDK 25, as its user, on a read-only root. It is started as the page on
 * operations says for Docker, and with the environment and the keys of the Kubernetes manifest.
 */
class DockerfileJvmIT {
    private static final Path APPLICATION = Path.of("target", "quarkus-app");
    private static final Duration DRAIN = Duration.ofSeconds(2);
    /** Limit for the drain, a grace of one second, and the exit on a busy machine. */
    private static final Duration END = DRAIN.plusSeconds(60);

    @TempDir
    private Path temporary;

    @RegisterExtension
    final HubClient subscribers = new HubClient(HttpClientOptions::new);

    private final HttpClient client = HttpClient.newHttpClient();
    private ImageRoot image;
    private Path data;
    private int starts;

    @BeforeEach
    void build() throws IOException {
        PackagedHub.assumeJar();
        image = ImageRoot.build(Dockerfile.read("Dockerfile.jvm"), temporary.resolve("root"), java());
        data = image.volume(temporary.resolve("data"), "/data");
    }

    @Test
    void imageContainsTheWholeApplicationReadOnly() throws IOException {
        try (Stream<Path> built = Files.walk(APPLICATION);
                Stream<Path> copied = Files.walk(image.inside("/app"))) {
            assertThat(copied.map(image.inside("/app")::relativize))
                    .containsExactlyInAnyOrderElementsOf(built.map(APPLICATION::relativize)
                            // List for dependency scanners.
                            .filter(path -> !path.endsWith("quarkus-app-dependencies.txt"))
                            .toList());
        }
        assertThat(Files.getAttribute(image.inside("/app/quarkus-run.jar"), "unix:mode"))
                .isEqualTo(0100555);
    }

    @Test
    void openHubServesAndReplaysFromABackupAfterASigterm() throws Exception {
        Map<String, String> open = Map.of("HERALD_OPEN", "true");
        try (Container container = start(open);
                EventStream stream = open(container, "/SSE", "")) {
            assertThat(publish(container.address(), "kept").body()).isEqualTo("success");
            assertThat(stream.awaitCount(2).data()).containsExactly("{\"message\":\"kept\"}");
            eventually().untilAsserted(() -> assertThat(get(container.address(), "/q/health/ready"))
                    .extracting(HttpResponse::statusCode)
                    .isEqualTo(200));
            // From the files that are unpacked to the temporary directory.
            assertThat(get(container.address(), "/").body()).containsIgnoringCase("<!doctype html>");

            execute("herald-0 -- java");
            publish(container.address(), "not in the backup");

            int code = container.terminate(END);

            // 143: ended by signal 15, after a complete shutdown.
            assertThat(code).as(container.output()).isIn(0, 143);
            assertThat(stream.awaitEnd()).isTrue();
            assertThat(container.output()).doesNotContainIgnoringCase("warning").doesNotContain(" ERROR ");
        }

        execute("herald-restore -- java");

        try (Container container = start(open);
                EventStream stream = open(container, "/SSE?since=earliest", "")) {
            assertThat(stream.awaitCount(4).messages())
                    .as("the start, what the backup has, and no more")
                    .extracting(Message::type)
                    .startsWith("message", "message", "gap", "live");
            assertThat(stream.data()).containsExactly("{\"message\":\"kept\"}");
        }
    }

    @Test
    void hubOfTheManifestAdmitsClientsWithTokensOfTheSecretsKeysOnly() throws Exception {
        Path secret = makeKeys();
        try (Container container = start(ofManifest(), new Mount(secret, "/etc/herald", true))) {
            String hub = container.address().getAuthority();

            assertThat(publish(container.address(), "hello").statusCode()).isEqualTo(401);
            String[] answers = run(
                            secret,
                            OperationsPage.block("token publisher-key").replace("localhost:8080", hub)
                                    + "\nprintf '\\n%s' \"$SUBSCRIBER\"")
                    .split("\n");
            assertThat(answers[0]).isEqualTo("success");
            try (EventStream stream = open(container, "/SSE?since=earliest", answers[1])) {
                assertThat(stream.awaitCount(2).data()).containsExactly("{\"message\":\"hello\"}");
            }
            try (EventStream stream = open(container, "/SSE", "")) {
                assertThat(stream.status()).isEqualTo(401);
            }
        }
    }

    @Test
    void hubOfTheManifestDoesNotStartWithoutAKey() throws Exception {
        Path secret = makeKeys();
        Files.delete(secret.resolve("subscriber-key"));

        try (Container container = start(ofManifest(), new Mount(secret, "/etc/herald", true))) {
            assertThat(container.awaitEnd(Duration.ofSeconds(60))).isNotZero();
            assertThat(container.output())
                    .contains("Herald does not start: herald.auth.subscriber.key-file", "'/etc/herald/subscriber-key'");
        }
    }

    /** Runs the page's commands that make the keys, in a directory that stands for the mounted Secret. */
    private Path makeKeys() throws Exception {
        Path secret = Files.createDirectory(temporary.resolve("secret"));
        run(secret, OperationsPage.line("openssl rand -hex 32 > publisher-key"));
        for (String key : List.of("publisher-key", "subscriber-key")) {
            // As fsGroup and defaultMode make it.
            Files.setAttribute(secret.resolve(key), "unix:gid", 65532);
            Files.setAttribute(secret.resolve(key), "unix:mode", 0440);
        }
        return secret;
    }

    /** Runs commands of the page, other than kubectl. */
    private static String run(Path directory, String commands) throws Exception {
        if (Programs.find("openssl").isEmpty() || Programs.find("curl").isEmpty()) {
            String missing = "Without openssl and curl, the commands of the page on operations cannot be run.";
            Programs.reportSkipped("the image with the keys of the page", missing);
            abort(missing);
        }
        String text = commands.replaceAll("(?m)^kubectl .*$", "").replaceAll("(?m)^curl -N .*$", "");
        Process process = new ProcessBuilder("bash", "-ec", text)
                .directory(directory.toFile())
                // Where curl shows its progress.
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(text).isZero();
        return output;
    }

    /** The variables that the manifest sets in the container. */
    private static Map<String, String> ofManifest() throws IOException {
        Map<String, String> variables = new HashMap<>();
        Manifest.generated()
                .only(StatefulSet.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getEnv()
                .stream()
                .filter(variable -> variable.getValue() != null)
                .forEach((EnvVar variable) -> variables.put(variable.getName(), variable.getValue()));
        return variables;
    }

    /** Runs the words of a line of the page behind {@code kubectl exec POD --} in a container with the same volume. */
    private void execute(String line) throws Exception {
        List<String> words = List.of(OperationsPage.line(line).split(" -- ")[1].split(" "));
        starts++;
        try (Container container = image.start(
                words, Map.of(), List.of(new Mount(data, "/data", false)), temporary.resolve("output-" + starts))) {
            assertThat(container.awaitEnd(Duration.ofSeconds(60)))
                    .as(container.output())
                    .isZero();
            assertThat(container.output()).startsWith("The backup is ").doesNotContainIgnoringCase("warning");
        }
    }

    private Container start(Map<String, String> environment, Mount... mounts) throws IOException {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("HERALD_DRAIN", DRAIN.toString());
        variables.put("QUARKUS_HTTP_PORT", "0");
        starts++;
        return image.start(
                List.of(),
                variables,
                Stream.concat(Stream.of(new Mount(data, "/data", false)), Stream.of(mounts))
                        .toList(),
                temporary.resolve("output-" + starts));
    }

    private static Path java() throws IOException {
        Optional<Path> java = Jdk25.java();
        boolean possible = System.getProperty("user.name").equals("root")
                && Programs.find("unshare").isPresent()
                && Programs.find("setpriv").isPresent();
        if (java.isEmpty() || !possible) {
            String missing = "a JDK 25 (JAVA25_HOME), root, and util-linux are needed";
            if (System.getenv("CI") != null && System.getenv("HERALD_CI_WITHOUT_JDK25") == null) {
                fail("Dockerfile.jvm cannot be checked: " + missing + ", or HERALD_CI_WITHOUT_JDK25 to skip it.");
            }
            System.err.println("NOT CHECKED: that the image of Dockerfile.jvm works: " + missing + ".");
            abort(missing);
        }
        return java.get();
    }

    private EventStream open(Container container, String path, String token) {
        return subscribers.open(
                container.address().resolve(path).toString(),
                token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token));
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
