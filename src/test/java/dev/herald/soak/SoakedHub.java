package dev.herald.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.herald.packaging.Container;

/**
 * Packaged hub on one port and one directory, with little memory. It can be killed, stopped and restarted; the output
 * of each of its processes is searched for errors. Thread-safe.
 */
final class SoakedHub implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Below the ephemeral ports, which its own clients' connections could take meanwhile. */
    private static final int FIRST_PORT = 21_000;

    private static final int PORTS = 9_000;
    private static final int LAST_LINES = 60;

    private final Path directory;
    private final Map<String, String> settings;
    private final Faults faults;
    private final int port;
    private Container process;
    private int starts;
    private int kills;
    private int stops;

    /** @param settings environment variables besides those of every soak */
    SoakedHub(Path directory, Map<String, String> settings, Random random, Faults faults) throws IOException {
        this.directory = directory;
        this.settings = settings;
        this.faults = faults;
        port = freePort(random);
    }

    private static int freePort(Random random) throws IOException {
        for (int i = 0; i < PORTS; i++) {
            int candidate = FIRST_PORT + random.nextInt(PORTS);
            try (ServerSocket free = new ServerSocket(candidate, 1, InetAddress.getByName("0.0.0.0"))) {
                return free.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IOException("No free port.");
    }

    int port() {
        return port;
    }

    /** Starts it and waits until it listens. */
    synchronized void start() throws IOException {
        launch();
        process.address();
    }

    private void launch() throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HERALD_AUTH_PUBLISHER_KEY", Kind.SECRET,
                "HERALD_AUTH_SUBSCRIBER_KEY", Kind.SECRET,
                "HERALD_AUTH_ANONYMOUS_PUBLISH", "true",
                "HERALD_AUTH_ANONYMOUS_SUBSCRIBE", "true",
                "HERALD_SUBSCRIPTIONS_EVENTS", "true",
                "HERALD_LOG_FILE_PATH", directory.resolve("log").toString(),
                "HERALD_LOG_RECENT_BYTES", "1M"));
        environment.putAll(Map.of(
                "HERALD_SSE_HEARTBEAT", "1s",
                "HERALD_SSE_CURSOR_INTERVAL", "2s",
                "HERALD_SSE_MAX_AGE", "20s",
                "HERALD_SSE_RETRY", "100ms",
                "HERALD_SSE_WRITE_TIMEOUT", "10s",
                "HERALD_SSE_MAX_SELECTOR_BYTES", "4M",
                "HERALD_PUBLISH_MAX_WAITING", "2",
                "HERALD_DRAIN", "1s"));
        environment.putAll(settings);
        process = Container.start(
                List.of(
                        JAVA.toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        // A killed process removes no temporary files.
                        "-Djava.io.tmpdir=" + directory,
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        JAR.toString()),
                environment,
                directory,
                output(++starts));
    }

    private Path output(int start) {
        return directory.resolve("output-" + start);
    }

    /** Kills it and starts it again. */
    synchronized void kill() throws IOException, InterruptedException {
        kills++;
        process.killAfter(Duration.ZERO, DEADLINE);
        searchOutput();
        start();
    }

    /** Kills it, kills it again during the next start, and starts it again. */
    synchronized void killTwice(Duration pause) throws IOException, InterruptedException {
        kills += 2;
        process.killAfter(Duration.ZERO, DEADLINE);
        searchOutput();
        launch();
        process.killAfter(pause, DEADLINE);
        searchOutput();
        start();
    }

    /** Stops it orderly and starts it again. */
    synchronized void stop() throws IOException, InterruptedException {
        stops++;
        terminate();
        start();
    }

    private void terminate() throws IOException, InterruptedException {
        try {
            process.terminate(DEADLINE);
        } catch (AssertionError hangs) {
            faults.add("hub: did not end within %s after SIGTERM", DEADLINE);
            process.killAfter(Duration.ZERO, DEADLINE);
        }
        searchOutput();
    }

    /** Reports a process that ended by itself, and starts another one. */
    synchronized void verifyAlive() throws IOException {
        if (!process.isAlive()) {
            faults.add("hub: ended by itself at start %d; the end of its output:%n%s", starts, lastLines());
            start();
        }
    }

    /** Ends it for good. */
    synchronized void end() throws IOException, InterruptedException {
        terminate();
    }

    /** Reports errors in the output of the newest process. */
    private void searchOutput() throws IOException {
        try (Stream<String> lines = Files.lines(output(starts))) {
            List<String> errors = lines.filter(line -> line.contains(" ERROR ") || line.contains("OutOfMemoryError"))
                    .limit(3)
                    .toList();
            if (!errors.isEmpty()) {
                faults.add("hub: errors at start %d: %s; the end of its output:%n%s", starts, errors, lastLines());
            }
        }
    }

    /** The last lines of the newest process's output. */
    synchronized String lastLines() throws IOException {
        Deque<String> last = new ArrayDeque<>();
        try (Stream<String> lines = Files.lines(output(starts))) {
            lines.forEach(line -> {
                last.add(line);
                if (last.size() > LAST_LINES) {
                    last.remove();
                }
            });
        }
        return String.join("\n", new ArrayList<>(last));
    }

    /** Counts for the report. */
    synchronized String summary() {
        return "starts=" + starts + " kills=" + kills + " stops=" + stops;
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            process.close();
        }
    }
}
