package dev.herald.packaging;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.herald.Patience;

/**
 * Archive of the classes that a packaged hub loads (class data sharing, JEP 350). A hub that starts with it neither parses
 * nor verifies them. It belongs to one build and one JDK. The first start in a build makes it; other test JVMs wait for
 * that.
 */
final class SharedClasses {
    private final Path directory;
    private final Path application;
    private final Path java;

    /**
     * @param directory for archives, below one that a build cleans
     * @param application jar to start
     */
    SharedClasses(Path directory, Path application, Path java) {
        this.directory = directory.toAbsolutePath();
        this.application = application.toAbsolutePath();
        this.java = java;
    }

    /** Options of a hub's JVM; none if the JVM makes no archive. */
    List<String> options() throws IOException {
        Path archive = archive();
        if (!Files.exists(archive)) {
            Files.createDirectories(directory);
            try (FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Until the channel is closed.
                channel.lock();
                if (!Files.exists(archive)) {
                    make(archive);
                }
            }
        }
        return Files.size(archive) > 0 ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
    }

    private void deleteThoseOfEarlierBuilds() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(file -> file.getFileName().toString().startsWith(prefix()))
                    .toList()) {
                Files.delete(file);
            }
        }
    }

    private String prefix() {
        return Integer.toHexString(java.hashCode()) + "-";
    }

    private Path archive() throws IOException {
        return directory.resolve(
                prefix() + Files.getLastModifiedTime(application).toMillis() + ".jsa");
    }

    /** Starts a hub, which writes the archive at its end. */
    private void make(Path archive) throws IOException {
        deleteThoseOfEarlierBuilds();
        Path work = Files.createTempDirectory(directory, "hub-");
        Path unfinished = work.resolve("unfinished");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(PackagedHub.QUICK_START);
        command.addAll(List.of(
                "-XX:ArchiveClassesAtExit=" + unfinished,
                "-Djava.io.tmpdir=" + work,
                "-Dquarkus.http.port=0",
                "-jar",
                application.toString()));
        Map<String, String> settings = Map.of("HERALD_OPEN", "true", "HERALD_DRAIN", "0s");
        try (Container hub = Container.start(command, settings, work, work.resolve("output"))) {
            hub.address();
            hub.terminate(Patience.LIMIT);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (!Files.exists(unfinished)) {
            Files.createFile(unfinished);
        }
        Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE);
    }
}
