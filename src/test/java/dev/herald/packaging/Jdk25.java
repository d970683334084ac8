package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JDK of the images, if this machine has one. */
final class Jdk25 {
    private static final int RELEASE = 25;

    private Jdk25() {}

    /** Its {@code java}: from {@code JAVA25_HOME}, else the running JVM, else an installed one. */
    static Optional<Path> java() throws IOException {
        String configured = System.getenv("JAVA25_HOME");
        if (configured != null) {
            return Optional.of(java(Path.of(configured)));
        }
        if (Runtime.version().feature() == RELEASE) {
            return Optional.of(java(Path.of(System.getProperty("java.home"))));
        }
        return installed().stream().map(Jdk25::java).filter(Files::isExecutable).findFirst();
    }

    private static List<Path> installed() throws IOException {
        Path homes = Path.of("/usr/lib/jvm");
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(homes)) {
            try (DirectoryStream<Path> candidates = Files.newDirectoryStream(homes, "*" + RELEASE + "*")) {
                candidates.forEach(found::add);
            }
        }
        return found;
    }

    private static Path java(Path home) {
        return home.resolve("bin").resolve("java");
    }
}
