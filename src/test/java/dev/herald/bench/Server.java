package dev.herald.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.herald.Patience;

/** Measured server in its own process on the server's core, which ends with {@link #close()}. Needs Linux. */
final class Server implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
    /** The packaged hub. */
    static final Path HUB = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private static final Pattern LISTENING = Pattern.compile("(?i)listening on: http://[^:/ ]+:(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern LIVE = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Process process;
    private final InetSocketAddress address;

    private Server(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts the packaged hub, open, with an event loop and a heap that do not depend on the machine.
     *
     * @param output file for its output
     * @param settings in the form {@code herald.log.kind=file}; with a leading {@code -} a JVM option
     */
    static Server hub(Path output, String... settings) throws IOException {
        return hub(HUB, output, settings);
    }

    /** Starts a packaged hub likewise. */
    static Server hub(Path jar, Path output, String... settings) throws IOException {
        return start(Cores.server(hubCommand(jar, settings)), output);
    }

    /** Starts the packaged hub likewise, on all cores. */
    static Server hubOnAllCores(Path output, String... settings) throws IOException {
        return start(hubCommand(HUB, settings), output);
    }

    private static List<String> hubCommand(Path jar, String... settings) {
        if (Files.notExists(jar)) {
            throw new IllegalStateException("There is no " + jar + ": ./mvnw -Pbench verify makes it first.");
        }
        List<String> command = new ArrayList<>(List.of(
                JAVA.resolve("java").toString(),
                "-Xms512m",
                "-Xmx512m",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=0",
                "-Dherald.open=true",
                "-Dherald.drain=0s"));
        Stream.of(settings)
                .map(setting -> setting.startsWith("-") ? setting : "-D" + setting)
                .forEach(command::add);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /** Settings of a hub with a file log in that directory and unlimited retention. */
    static String[] fileLog(Path directory) {
        return new String[] {
            "herald.log.kind=file",
            "herald.log.file.path=" + directory,
            "herald.log.retention.events=" + Integer.MAX_VALUE,
            "herald.log.retention.bytes=64G"
        };
    }

    /** Starts a server whose main class is among the tests. */
    static Server java(Class<?> main, Path output) throws IOException {
        return start(
                Cores.server(List.of(
                        JAVA.resolve("java").toString(),
                        "-Xms512m",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())),
                output);
    }

    /** Starts a third-party server on a given port. */
    static Server onPort(int port, List<String> command, Path output) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return start(Cores.server(command), output, process -> accepts(process, address) ? port : 0);
    }

    /** Starts a server that prints its address like Quarkus. */
    private static Server start(List<String> command, Path output) throws IOException {
        return start(command, output, process -> port(process, output));
    }

    private static Server start(List<String> command, Path output, Listening listening) throws IOException {
        Files.createDirectories(output.getParent());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        try {
            int port = Patience.eventually().until(() -> listening.port(process), found -> found > 0);
            return new Server(process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw new IllegalStateException("The server did not start: " + Files.readString(output), e);
        }
    }

    private static boolean accepts(Process process, InetSocketAddress address) {
        if (!process.isAlive()) {
            throw new IllegalStateException("The server ended.");
        }
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int port(Process process, Path output) throws IOException {
        Matcher found = LISTENING.matcher(Files.readString(output));
        if (found.find()) {
            return Integer.parseInt(found.group(1));
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("The server ended.");
        }
        return 0;
    }

    InetSocketAddress address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    /** Memory that the process occupies, in bytes. */
    long residentBytes() throws IOException {
        Matcher found = RESIDENT.matcher(proc("status"));
        if (!found.find()) {
            throw new IllegalStateException("The server has ended.");
        }
        return Long.parseLong(found.group(1)) << 10;
    }

    /** CPU time that the process has used, in µs; exact to 10 ms. */
    long cpuMicros() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1_000;
    }

    /** Live heap of a JVM after a full collection, in bytes. */
    long liveHeapBytes() throws IOException {
        Process jcmd = new ProcessBuilder(
                        JAVA.resolve("jcmd").toString(), Long.toString(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher found = LIVE.matcher(histogram);
        if (!found.find()) {
            throw new IllegalStateException("jcmd said: " + histogram);
        }
        return Long.parseLong(found.group(1));
    }

    private String proc(String file) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Port that a server is listening on; 0: not yet. */
    @FunctionalInterface
    private interface Listening {
        int port(Process process) throws IOException;
    }
}
