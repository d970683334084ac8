package dev.herald.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    RunningProgram start(String address) throws IOException {
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
        return new RunningProgram(new ProcessBuilder(command)
                .directory(SOURCES.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static Path built() throws IOException {
        Path source = SOURCES.resolve("listen.go");
        if (!Files.exists(GO_PROGRAM)
                || Files.getLastModifiedTime(GO_PROGRAM).compareTo(Files.getLastModifiedTime(source)) < 0) {
            build(source, GO_PROGRAM);
        }
        return GO_PROGRAM;
    }

    /** Builds a program in Go. */
    static void build(Path source, Path program) throws IOException {
        Files.createDirectories(program.getParent());
        // Without optimisations the standard library compiles in three quarters of the time.
        ProcessBuilder builder = new ProcessBuilder(
                        "go", "build", "-gcflags=all=-N -l", "-o", program.toString(), source.toString())
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
}
