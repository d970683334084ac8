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

    /** Fetches the libraries, unless they are there. Returns what this machine lacks for it, as a sentence. */
    Optional<String> prepare() throws IOException {
        Optional<String> missing = programs.stream()
                .filter(program -> Programs.find(program).isEmpty())
                .findFirst()
                .map(program -> "There is no " + program + " in the PATH: the client page's example '" + heading
                        + "' was not run.");
        if (missing.isPresent()) {
            return missing;
        }
        boolean fetched =
                switch (this) {
                    case NODE, FETCH_EVENT_SOURCE -> Node.install().isEmpty();
                    case OKHTTP, SPRING, JERSEY, QUARKUS -> fetchJars();
                    case GO -> true;
                    case PYTHON -> fetchPackages();
                    case RUST -> fetchCrates();
                };
        return fetched
                ? Optional.empty()
                : Optional.of("The libraries of the client page's example '" + heading
                        + "' could not be fetched, so it was not run: see " + FOLDER.resolve("build.log"));
    }

    /** Whether a build of CI may lack it: a Rust toolchain is a gigabyte. */
    boolean isOptional() {
        return this == RUST;
    }

    /**
     * Writes the code and starts it. It must have been prepared.
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

    private static boolean fetchJars() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-q",
                "-B",
                "-f",
                SOURCES.resolve("java/pom.xml").toString(),
                "dependency:copy-dependencies",
                "-DoutputDirectory=" + libraries("java")));
        // The local repository of this build, if it is not the default.
        Optional.ofNullable(System.getProperty("maven.repo.local"))
                .ifPresent(repository -> command.add("-Dmaven.repo.local=" + repository));
        return fetch("java", "pom.xml", command.toArray(String[]::new));
    }

    private static boolean fetchPackages() throws IOException {
        return fetch(
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
    }

    /** Also writes the manifest and an empty program, without which cargo fetches nothing. */
    private boolean fetchCrates() throws IOException {
        Path folder = FOLDER.resolve(name());
        Files.createDirectories(folder.resolve("src"));
        Files.writeString(
                folder.resolve("Cargo.toml"),
                "[package]\nname = \"example\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n"
                        + ClientsPage.code(heading, "toml"));
        Files.copy(
                SOURCES.resolve("rust/Cargo.lock"), folder.resolve("Cargo.lock"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve("src/main.rs"), "fn main() {}\n");
        return run(cargo(folder, "fetch"));
    }

    private static String[] cargo(Path folder, String command) {
        return new String[] {
            "cargo",
            command,
            "--quiet",
            "--locked",
            "--manifest-path",
            folder.resolve("Cargo.toml").toString()
        };
    }

    private List<String> java(Path folder, String code) throws IOException {
        Path file = Files.writeString(folder.resolve("Example.java"), code);
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
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
        return List.of(
                "python3", Files.writeString(folder.resolve("example.py"), code).toString());
    }

    private static List<String> rust(Path folder, String code) throws IOException {
        Files.writeString(folder.resolve("src/main.rs"), code);
        assertThat(run(cargo(folder, "build"))).as("the build in Rust").isTrue();
        return List.of(folder.resolve("target/debug/example").toString());
    }

    /** Fetches libraries unless this list of them was fetched before. */
    private static boolean fetch(String language, String list, String... command) throws IOException {
        Path wanted = SOURCES.resolve(language).resolve(list);
        Path fetched = Path.of(libraries(language)).resolve(list);
        if (Files.exists(fetched) && Files.mismatch(wanted, fetched) < 0) {
            return true;
        }
        boolean done = run(command);
        if (done) {
            Files.copy(wanted, fetched, StandardCopyOption.REPLACE_EXISTING);
        }
        return done;
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        Files.createDirectories(FOLDER).resolve("build.log").toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            Programs.end(process);
            return ended && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
