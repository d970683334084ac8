package dev.herald.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import dev.herald.Programs;

/**
 * The machine's Node.js with the packages of {@code src/test/node}, which npm fetches once into {@code target/node}.
 * Ends the scripts that a test started. Without Node.js or the packages the tests are skipped with a message.
 */
final class Node implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final Path SOURCES = Path.of("src", "test", "node");
    private static final Path FOLDER = Path.of("target", "node");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "listen.mjs", "idle.mjs");
    private static final Path TESTS = SOURCES.resolve("herald");
    private static final long INSTALL_SECONDS = 120;
    private static final long SCRIPT_SECONDS = 300;

    private final List<Process> started = new ArrayList<>();
    private Optional<String> missing = Optional.empty();

    /** Whether the packages are installed; after {@link #beforeAll}. */
    boolean isThere() {
        return missing.isEmpty();
    }

    /** Writes a script beside the packages, and returns its path. They must be installed. */
    static Path write(String name, String script) throws IOException {
        return Files.writeString(FOLDER.resolve(name), script).toAbsolutePath();
    }

    /** Source of a file of a package. The packages must be installed. */
    static String source(String file) throws IOException {
        return Files.readString(FOLDER.resolve("node_modules").resolve(file));
    }

    /** Starts a script, and returns a list that receives its output lines while it runs. */
    List<JsonNode> listen(String script, String address, String token) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", script, address)
                .directory(FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("HERALD_TOKEN", token);
        Process process = builder.start();
        started.add(process);
        List<JsonNode> lines = new CopyOnWriteArrayList<>();
        Thread reader = new Thread(() -> read(process, lines));
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    /**
     * Starts scripts of tests in {@code src/test/node/herald} with the module of a hub, which the caller closes. The
     * packages must be installed.
     */
    static Map<String, Script> startTests(List<String> names, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path module = FOLDER.resolve("herald.mjs");
        URI served = URI.create(environment.get("HERALD_URL")).resolve("herald.js");
        HttpClient.newHttpClient().send(HttpRequest.newBuilder(served).build(), BodyHandlers.ofFile(module));
        Map<String, Script> scripts = new HashMap<>();
        for (String name : names) {
            Path output = FOLDER.resolve(name + ".log");
            ProcessBuilder builder = new ProcessBuilder(
                            "node", TESTS.resolve(name).toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("HERALD_MODULE", module.toAbsolutePath().toString());
            builder.environment().putAll(environment);
            scripts.put(name, new Script(builder.start(), output));
        }
        return scripts;
    }

    /** Running script of tests. */
    record Script(Process process, Path output) implements AutoCloseable {
        /** Waits for the end, and returns what failed; empty if nothing did. */
        String failures() throws IOException, InterruptedException {
            if (!process.waitFor(SCRIPT_SECONDS, TimeUnit.SECONDS)) {
                return "The script did not end:\n" + Files.readString(output);
            }
            return process.exitValue() == 0 ? "" : Files.readString(output);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static void read(Process process, List<JsonNode> lines) {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(json.readTree(line));
            }
        } catch (IOException ended) {
            // Ends with the test.
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        missing = install();
        if (missing.isPresent()) {
            Programs.reportSkipped(context.getDisplayName(), missing.get());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Assumptions.assumeTrue(missing.isEmpty(), () -> "SKIPPED: " + missing.orElseThrow());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        started.forEach(Process::destroyForcibly);
        started.clear();
    }

    /** Fetches the packages, unless they are there. Returns the failure. */
    static Optional<String> install() throws IOException {
        if (Programs.find("node").isEmpty() || Programs.find("npm").isEmpty()) {
            return Optional.of("There is no Node.js with npm in the PATH: no client of Node.js was tried.");
        }
        boolean done = Files.isDirectory(FOLDER.resolve("node_modules")) && same("package-lock.json");
        Files.createDirectories(FOLDER);
        for (String file : FILES) {
            Files.copy(SOURCES.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        return done || run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
                ? Optional.empty()
                : Optional.of("npm could not fetch the packages of " + SOURCES + ": no client of Node.js was tried.");
    }

    private static boolean same(String file) throws IOException {
        return Files.exists(FOLDER.resolve(file)) && Files.mismatch(SOURCES.resolve(file), FOLDER.resolve(file)) < 0;
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve("npm.log").toFile())
                    .start();
            if (!process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
