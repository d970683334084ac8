package dev.herald;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs that some tests need beside a JDK. Where one is missing its tests are skipped, loudly, so that nobody takes
 * a green build for a test of it; where {@code CI} is set they fail.
 */
public final class Programs {
    private static final String RULE = "!".repeat(100);

    private Programs() {}

    /** The first of these that is in the {@code PATH}. */
    public static Optional<Path> find(String... names) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Says what is skipped.
     *
     * @param tests which
     * @param missing what is missing, as a sentence
     * @throws IllegalStateException where nothing may be skipped
     */
    public static void complain(String tests, String missing) {
        if (System.getenv("CI") != null) {
            throw new IllegalStateException(missing);
        }
        System.err.printf("%n%s%n!! SKIPPED, all of %s.%n!! %s%n%s%n%n", RULE, tests, missing, RULE);
    }

    /** Ends a process and all that it has started: it first, since it may replace a child that ends. */
    public static void end(Process process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
