package dev.herald.packaging;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Process under the conditions of a container: an entry point, a user who may write only to a temporary directory, and
 * settings from the environment. {@link #close()} kills it.
 */
public final class Container implements AutoCloseable {
    /** On a busy machine an event loop waits longer for the processor than the default of 2 s, and Vert.x warns. */
    static final Map<String, String> OF_A_BUSY_MACHINE = Map.of("QUARKUS_VERTX_MAX_EVENT_LOOP_EXECUTE_TIME", "60S");

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
    private static final Pattern ADDRESS = Pattern.compile("Listening on: http://0\\.0\\.0\\.0:(\\d+)");

    private final Process process;
    private final Path output;

    private Container(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts it; {@link #address()} waits until it listens.
     *
     * @param directory working directory
     * @param output file for its output
     */
    public static Container start(List<String> command, Map<String, String> environment, Path directory, Path output)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(new File("/dev/null"));
        // An image does not have this machine's JVM options.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().putAll(OF_A_BUSY_MACHINE);
        builder.environment().putAll(environment);
        return new Container(builder.start(), output);
    }

    /** Address that it listens on. */
    public URI address() {
        Matcher found = Awaitility.await("an address in the output")
                .pollInterval(POLL_INTERVAL)
                .atMost(START_DEADLINE)
                .failFast(() -> assertThat(process.isAlive()).as(output()).isTrue())
                .until(() -> ADDRESS.matcher(output()), Matcher::find);
        return URI.create("http://localhost:" + found.group(1));
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Process id. */
    long pid() {
        return process.pid();
    }

    /** Output so far, standard error included. */
    public String output() throws IOException {
        return Files.readString(output);
    }

    /** Lines at WARN and above, except that the hub is open, which most tests want. */
    List<String> warnings() throws IOException {
        return warnings(output());
    }

    /** Lines of an output as {@link #warnings()}. */
    static List<String> warnings(String output) {
        return output.lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .filter(line -> !line.contains("The hub is open: "))
                .toList();
    }

    /** Sends SIGTERM and returns at once. */
    void signal() {
        process.destroy();
    }

    /**
     * Sends SIGTERM and waits for the end.
     *
     * @return the exit code
     */
    public int terminate(Duration deadline) throws InterruptedException, IOException {
        process.destroy();
        return awaitEnd(deadline);
    }

    /** Waits for a time or the end, sends SIGKILL, and waits until the process is gone. */
    public void killAfter(Duration time, Duration deadline) throws InterruptedException, IOException {
        process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        awaitEnd(deadline);
    }

    /**
     * Waits until the process ends by itself.
     *
     * @return the exit code
     */
    public int awaitEnd(Duration deadline) throws InterruptedException, IOException {
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("No end within " + deadline + ":\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
