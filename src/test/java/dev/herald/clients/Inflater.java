package dev.herald.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

import dev.herald.Programs;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Programs of this machine that request a gzip stream and print its lines on arrival: three in {@code
 * src/test/inflaters}, and curl. Each uses another inflater. If one is missing, its tests are skipped with a message.
 */
enum Inflater {
    GO("go"),
    PYTHON("python3", "listen.py"),
    NODE("node", "listen.mjs"),
    CURL("curl", "--silent", "--no-buffer", "--include", "--compressed");

    private static final Path SOURCES = Path.of("src", "test", "inflaters");
    private static final Path GO_PROGRAM = Path.of("target", "inflaters", "listen");
    private static final long BUILD_SECONDS = 600;

    private final String program;
    private final List<String> arguments;

    Inflater(String program, String... arguments) {
        this.program = program;
        this.arguments = List.of(arguments);
    }

    /** Starts the program. */
    Run start(String address) throws IOException {
        if (Programs.find(program).isEmpty()) {
            String missing = "There is no " + program + " in the PATH: its inflater was not tried.";
            Programs.reportSkipped("streams in gzip read by " + program, missing);
            Assumptions.abort(missing);
        }
        List<String> command = new ArrayList<>();
        if (this == GO) {
            command.add(built().toAbsolutePath().toString());
        } else {
            command.add(program);
            command.addAll(arguments);
        }
        command.add(address);
        return new Run(new ProcessBuilder(command)
                .directory(SOURCES.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static Path built() throws IOException {
        Path source = SOURCES.resolve("listen.go");
        if (!Files.exists(GO_PROGRAM)
                || Files.getLastModifiedTime(GO_PROGRAM).compareTo(Files.getLastModifiedTime(source)) < 0) {
            Files.createDirectories(GO_PROGRAM.getParent());
            // Without optimisations the standard library compiles in three quarters of the time.
            ProcessBuilder builder = new ProcessBuilder(
                            "go", "build", "-gcflags=all=-N -l", "-o", GO_PROGRAM.toString(), source.toString())
                    .inheritIO();
            // Without cgo it needs no C compiler, and half the time.
            builder.environment().put("CGO_ENABLED", "0");
            Process build = builder.start();
            try {
                assertThat(build.waitFor(BUILD_SECONDS, TimeUnit.SECONDS))
                        .as("the build in Go ended")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(build.exitValue()).as("exit of the build in Go").isZero();
        }
        return GO_PROGRAM;
    }

    /** Running program and its output lines. */
    static final class Run implements AutoCloseable {
        private final Process process;
        private final List<String> lines = new CopyOnWriteArrayList<>();

        private Run(Process process) {
            this.process = process;
            Thread reader = new Thread(this::read);
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                output.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException ended) {
                // Ends with the test.
            }
        }

        List<String> lines() {
            return lines;
        }

        /** Data of all events so far. */
        List<String> data() {
            return lines.stream()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .toList();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
