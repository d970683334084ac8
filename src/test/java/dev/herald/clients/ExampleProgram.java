package dev.herald.clients;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.herald.Programs;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Example of the page on clients that runs as a program. Its libraries are fetched once, into {@code target}, by the
 * usual means of its language.
 */
enum ExampleProgram {
    NODE("Node.js", "js", "node", "npm"),
    FETCH_EVENT_SOURCE("Browser with headers", "js", "node", "npm"),
    OKHTTP("Java: okhttp", "java"),
    SPRING("Java: Spring WebClient", "java"),
    JERSEY("Java: JAX-RS", "java"),
    QUARKUS("Java: JAX-RS", "java"),
    GO("Go", "go", "go"),
    PYTHON("Python", "python", "python3"),
    RUST("Rust", "rust", "cargo");

    private static final Path SOURCES = Path.of("src", "test", "clients");
    private static final Path FOLDER = Path.of("target", "clients").toAbsolutePath();
    private static final long LIMIT_SECONDS = 600;

    /** What a browser has and Node.js has not, and how Node.js finds a package that is for bundlers. */
    private static final String BROWSER_IN_NODE = """
        globalThis.window = { addEventListener() {}, clearTimeout, fetch, setTimeout };
        globalThis.document = { addEventListener() {}, hidden: false, removeEventListener() {} };
        const { fetchEventSource } = (await import('node:module')).createRequire(import.meta.url)(
            '@microsoft/fetch-event-source');
        """;

    private final String heading;
    private final String language;
    private final List<String> programs;

    ExampleProgram(String heading, String language, String... programs) {
        this.heading = heading;
        this.language = language;
        this.programs = List.of(programs);
    }

    /** Language of its code block. */
    String language() {
        return language;
    }

    /** What this machine lacks for it, as a sentence. */
    Optional<String> missing() {
        return programs.stream()
                .filter(program -> Programs.find(program).isEmpty())
                .findFirst()
                .map(program -> "There is no " + program + " in the PATH: the client page's example '" + heading
                        + "' was not run.");
    }

    /** Whether a build of CI may lack it: a Rust toolchain is a gigabyte. */
    boolean isOptional() {
        return this == RUST;
    }

    /**
     * Fetches the libraries, writes the code and starts it.
     *
     * @param topic unescaped, with characters only that a query may have
     */
    RunningProgram start(String origin, String topic, String token) throws IOException {
        return start(origin, topic, token, UnaryOperator.identity());
    }

    /** As {@link #start(String, String, String)}, with a change of the code. */
    RunningProgram start(String origin, String topic, String token, UnaryOperator<String> change) throws IOException {
        Path folder = Files.createDirectories(FOLDER.resolve(name()));
        String code = change.apply(ClientsPage.code(heading, language, origin, topic));
        ProcessBuilder builder = new ProcessBuilder(command(folder, code))
                .redirectError(folder.resolve("errors").toFile());
        builder.environment().putAll(Map.of("HERALD_TOKEN", token, "PYTHONPATH", libraries("python")));
        return new RunningProgram(builder.start());
    }

    private List<String> command(Path folder, String code) throws IOException {
        return switch (this) {
            case NODE -> List.of("node", Node.write("example.mjs", code).toString());
            case FETCH_EVENT_SOURCE ->
                List.of(
                        "node",
                        Node.write("fetch-example.mjs", BROWSER_IN_NODE + withoutImport(code))
                                .toString());
            case OKHTTP, SPRING, JERSEY, QUARKUS -> java(folder, code);
            case GO -> go(folder, code);
            case PYTHON -> python(folder, code);
            case RUST -> rust(folder, code);
        };
    }

    private static String withoutImport(String code) {
        return code.replaceFirst("(?m)^import .*$", "");
    }

    private static String libraries(String language) {
        return FOLDER.resolve("lib-" + language).toString();
    }

    private List<String> java(Path folder, String code) throws IOException {
        fetch(
                "java",
                "pom.xml",
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-q",
                "-B",
                "-f",
                SOURCES.resolve("java/pom.xml").toString(),
                "dependency:copy-dependencies",
                "-DoutputDirectory=" + libraries("java"));
        Path file = Files.writeString(folder.resolve("Example.java"), code);
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                file.toString());
    }

    /** All libraries, with one implementation of JAX-RS. */
    private String classPath() throws IOException {
        String other = this == QUARKUS ? "jersey-" : "resteasy-reactive-client-";
        try (Stream<Path> jars = Files.list(Path.of(libraries("java")))) {
            return String.join(
                    File.pathSeparator,
                    jars.filter(jar -> !jar.getFileName().toString().startsWith(other))
                            .map(Path::toString)
                            .toList());
        }
    }

    private static List<String> go(Path folder, String code) throws IOException {
        Path program = folder.resolve("example");
        Inflater.build(Files.writeString(folder.resolve("example.go"), code), program);
        return List.of(program.toString());
    }

    private static List<String> python(Path folder, String code) throws IOException {
        fetch(
                "python",
                "requirements.txt",
                "python3",
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--root-user-action=ignore",
                "--target",
                libraries("python"),
                "-r",
                SOURCES.resolve("python/requirements.txt").toString());
        return List.of(
                "python3", Files.writeString(folder.resolve("example.py"), code).toString());
    }

    private List<String> rust(Path folder, String code) throws IOException {
        Files.writeString(
                folder.resolve("Cargo.toml"),
                "[package]\nname = \"example\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n"
                        + ClientsPage.code(heading, "toml"));
        Files.copy(
                SOURCES.resolve("rust/Cargo.lock"), folder.resolve("Cargo.lock"), StandardCopyOption.REPLACE_EXISTING);
        Files.createDirectories(folder.resolve("src"));
        Files.writeString(folder.resolve("src/main.rs"), code);
        run(
                "cargo",
                "build",
                "--quiet",
                "--locked",
                "--manifest-path",
                folder.resolve("Cargo.toml").toString());
        return List.of(folder.resolve("target/debug/example").toString());
    }

    /** Fetches libraries unless this list of them was fetched before. */
    private static void fetch(String language, String list, String... command) throws IOException {
        Path wanted = SOURCES.resolve(language).resolve(list);
        Path fetched = Path.of(libraries(language)).resolve(list);
        if (Files.exists(fetched) && Files.mismatch(wanted, fetched) < 0) {
            return;
        }
        run(command);
        Files.copy(wanted, fetched, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void run(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        if (command[0].endsWith("mvn") && System.getProperty("maven.repo.local") != null) {
            all.add("-Dmaven.repo.local=" + System.getProperty("maven.repo.local"));
        }
        Path output = Files.createDirectories(FOLDER).resolve("build.log");
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                Programs.end(process);
            }
            assertThat(process.waitFor())
                    .as("%s: %s", all, Files.readString(output))
                    .isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
