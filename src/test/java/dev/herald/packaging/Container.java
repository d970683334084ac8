package dev.herald.packaging;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that runs under the conditions of a container: an entry point, a user who may write to nothing but a
 * temporary directory, and settings from the environment. Killed on {@link #close()}, whatever it is doing.
 */
public final class Container implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
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
     * @param directory where it runs
     * @param output where its output goes
     */
    public static Container start(List<String> command, Map<String, String> environment, Path directory, Path output)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(new File("/dev/null"));
        // What this machine tells every JVM is nothing that an image knows.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        return new Container(builder.start(), output);
    }

    /** The command run by a user who is not root, on a machine where the one who asks is root. */
    static List<String> asUser(String userAndGroup, List<String> command) {
        String[] ids = userAndGroup.split(":");
        List<String> dropped = new ArrayList<>(
                List.of("setpriv", "--reuid=" + ids[0], "--regid=" + ids[1], "--clear-groups", "--no-new-privs"));
        dropped.addAll(command);
        return dropped;
    }

    /** Where it listens. */
    public URI address() {
        Matcher found = Awaitility.await("an address in the output")
                .atMost(START_DEADLINE)
                .failFast(() -> assertThat(process.isAlive()).as(output()).isTrue())
                .until(() -> ADDRESS.matcher(output()), Matcher::find);
        return URI.create("http://localhost:" + found.group(1));
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The number of its process. */
    long pid() {
        return process.pid();
    }

    /** What it has written so far, standard error included. */
    public String output() throws IOException {
        return Files.readString(output);
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

    /** Lets it run for a time, unless it ends before, sends SIGKILL, and waits until nothing of it is left. */
    public void killAfter(Duration time, Duration deadline) throws InterruptedException, IOException {
        process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        awaitEnd(deadline);
    }

    /**
     * Waits for the end that it comes to by itself.
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
