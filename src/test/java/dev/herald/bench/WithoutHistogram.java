package dev.herald.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Copy of the packaged hub that measures no delivery times. The histogram cannot be switched off, so one class is compiled
 * again without the lines that fill it.
 */
final class WithoutHistogram {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Path CLASSES = Path.of("target", "classes");
    private static final String FILLING = "dev/herald/stats/LaneStats";

    /** What {@code LaneStats} does for the histogram, once a turn. */
    private static final Pattern LINES =
            Pattern.compile("(?s)        Instant now = clock\\.instant\\(\\);\n        for .*?\n        }\n");

    private WithoutHistogram() {}

    /**
     * Makes the copy.
     *
     * @param hub directory of the packaged hub
     * @param copy directory that does not exist
     */
    static Path copyOf(Path hub, Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(hub)) {
            files.forEach(file -> copy(file, copy.resolve(hub.relativize(file))));
        }
        Path compiled = compile(copy.resolveSibling("compiled"));
        try (Stream<Path> jars = Files.list(copy.resolve("app"))) {
            Path jar = jars.findFirst().orElseThrow();
            try (FileSystem classes = FileSystems.newFileSystem(jar)) {
                Path replaced = classes.getPath(FILLING + ".class");
                Files.delete(replaced);
                Files.copy(compiled.resolve(FILLING + ".class"), replaced);
            }
        }
        return copy;
    }

    private static void copy(Path file, Path to) {
        try {
            Files.copy(file, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles the class into a directory. */
    private static Path compile(Path directory) throws IOException {
        String source = Files.readString(SOURCES.resolve(FILLING + ".java"));
        Matcher lines = LINES.matcher(source);
        if (!lines.find()) {
            throw new IllegalStateException(FILLING + " fills its histogram by other lines now.");
        }
        Path changed = directory.resolve(FILLING + ".java");
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, lines.replaceFirst(""));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", CLASSES.toString(), "-d", directory.toString(), changed.toString());
        if (status != 0) {
            throw new IllegalStateException("The changed " + FILLING + " does not compile.");
        }
        return directory;
    }
}
