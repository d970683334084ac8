package dev.herald.browser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Assumptions;

import dev.herald.Programs;

import static dev.herald.Patience.eventually;

/** Code copied from the page, run as the page says. */
final class CopiedCode {
    private final Path file;
    private final List<String> command;

    private CopiedCode(Path file, List<String> command) {
        this.file = file;
        this.command = command;
    }

    /**
     * Writes the code to a file.
     *
     * @param language as named on the page; the test is skipped if its program is missing
     */
    static CopiedCode of(String language, String text, Path directory) throws IOException {
        Language found = Language.valueOf(language);
        for (String program : found.programs) {
            if (Programs.find(program).isEmpty()) {
                String missing = "There is no " + program + " in the PATH: what the page gives for " + language
                        + " was not run.";
                Programs.reportSkipped("CopyAsTest and GuardedPageIT for " + language, missing);
                Assumptions.abort("SKIPPED: " + missing);
            }
        }
        Path file = Files.createTempDirectory(directory, "script").resolve("Name." + found.extension);
        List<String> command = new ArrayList<>(found.command());
        command.add(Files.writeString(file, text).toString());
        return new CopiedCode(file, command);
    }

    /**
     * Runs it until it has printed the wanted text or has ended.
     *
     * @return its whole output
     */
    String run(String wanted, Map<String, String> environment) throws IOException {
        try (Run run = start(environment)) {
            return run.await(wanted);
        }
    }

    /** Runs it until it is closed. */
    Run start(Map<String, String> environment) throws IOException {
        Path output = file.resolveSibling("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new Run(builder.start(), output);
    }

    /** Running script. */
    record Run(Process process, Path output) implements AutoCloseable {

        /** Waits until it has printed the wanted text or has ended; returns its whole output. */
        String await(String wanted) throws IOException {
            eventually().until(() -> printed().contains(wanted) || !process.isAlive());
            return printed();
        }

        private String printed() throws IOException {
            return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            Programs.end(process);
        }
    }

    /** Languages, named as on the page; the first program runs the file. */
    private enum Language {
        curl("sh", "sh", "curl"),
        JavaScript("mjs", "node"),
        Java("java", "java"),
        PHP("php", "php"),
        Python("py", "python3");

        private final String extension;
        private final String[] programs;

        Language(String extension, String... programs) {
            this.extension = extension;
            this.programs = programs;
        }

        /** What runs the file; Java without the compiler that pays off only in the long run. */
        List<String> command() {
            return this == Java
                    ? List.of(programs[0], "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                    : List.of(programs[0]);
        }
    }
}
