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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.herald.Certificates;
import dev.herald.packaging.Container;

/**
 * Packaged hub on one port and one directory, with little memory. It can be killed, stopped and restarted; the output
 * of each of its processes is searched for errors. Thread-safe.
 */
final class SoakedHub implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Below the ephemeral ports, which its own clients' connections could take meanwhile. */
    private static final int FIRST_PORT = 21_000;

    private static final int PORTS = 9_000;
    private static final int LAST_LINES = 60;

    private final HubSettings settings;
    private final Access access;
    private final Faults faults;

    /** Ends the hub with this process, however it ends. */
    private final Thread hook = new Thread(this::abandon);

    private volatile Container process;
    private volatile boolean closed;
    private int starts;
    private int kills;
    private int stops;

    /** @param retention environment variables of the log's retention */
    SoakedHub(Path directory, Map<String, String> retention, Random random, Faults faults) throws Exception {
        int port = freePort(random, 0);
        this.settings = new HubSettings(directory, port, freePort(random, port), retention);
        this.faults = faults;
        settings.certify();
        this.access = new Access(port, settings.tlsPort(), Certificates.trusting(settings.certificate()));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static int freePort(Random random, int taken) throws IOException {
        for (int i = 0; i < PORTS; i++) {
            int candidate = FIRST_PORT + random.nextInt(PORTS);
            if (candidate == taken) {
                continue;
            }
            try (ServerSocket free = new ServerSocket(candidate, 1, InetAddress.getByName("0.0.0.0"))) {
                return free.getLocalPort();
            } catch (IOException inUse) {
                continue;
            }
        }
        throw new IOException("No free port.");
    }

    Access access() {
        return access;
    }

    /** Starts it and waits until it listens. */
    synchronized void start() throws IOException {
        launch();
        process.address();
    }

    private void launch() throws IOException {
        if (closed) {
            throw new IllegalStateException("The run is over.");
        }
        process = Container.start(settings.command(), settings.environment(), settings.directory(), output(++starts));
        if (closed) {
            process.close();
        }
    }

    private Path output(int start) {
        return settings.directory().resolve("output-" + start);
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

    /** Kills it. It is not started again. */
    @Override
    public synchronized void close() {
        abandon();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void abandon() {
        closed = true;
        Container last = process;
        if (last != null) {
            last.close();
        }
    }
}
