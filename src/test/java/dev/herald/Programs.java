package dev.herald;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs that some tests need besides a JDK. If one is missing, its tests are skipped with a message, so that a green
 * build is not mistaken for a test of it. With {@code CI} set they fail.
 */
public final class Programs {
    private static final String RULE = "!".repeat(100);

    private Programs() {}

    /** The first of these programs that is in the {@code PATH}. */
    public static Optional<Path> find(String... names) {
        List<String> folders = List.of(System.getenv("PATH").split(File.pathSeparator));
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Reports skipped tests.
     *
     * @param tests names of the tests
     * @param missing missing program, as a sentence
     * @throws IllegalStateException if tests must not be skipped
     */
    public static void reportSkipped(String tests, String missing) {
        if (System.getenv("CI") != null) {
            throw new IllegalStateException(missing);
        }
        System.err.printf("%n%s%n!! SKIPPED, all of %s.%n!! %s%n%s%n%n", RULE, tests, missing, RULE);
    }

    /** Ends a process, then its children: the process first, since it may replace an ended child. */
    public static void end(Process process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
