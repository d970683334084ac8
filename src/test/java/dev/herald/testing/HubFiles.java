package dev.herald.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Files of the hub on this machine: the jars that the testing jar contains, unpacked once into a cache, and beside them
 * the archive of classes. Several processes may use a cache at once.
 *
 * @param jar the testing jar
 * @param directory the unpacked jars
 */
record HubFiles(Path jar, Path directory) {
    /** System property with the directory of the cache. */
    static final String CACHE = "herald.testing.cache";

    /** Directory of the jars within the testing jar. */
    private static final String PACKED = "herald-hub/";

    private static final Duration UNUSED = Duration.ofDays(7);

    /** Unpacks the jars unless they are there. */
    static HubFiles unpack() throws IOException {
        Path jar = ownJar();
        Path cache = cache();
        Path directory = cache.resolve(Long.toHexString(Files.size(jar)) + "-"
                + Long.toHexString(Files.getLastModifiedTime(jar).toMillis()));
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(cache);
            Path unfinished = Files.createTempDirectory(cache, "unfinished-");
            unpack(jar, unfinished);
            publish(unfinished, directory);
            deleteUnused(cache);
        }
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
        return new HubFiles(jar, directory);
    }

    private static Path ownJar() throws IOException {
        try {
            URI source = HubFiles.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            Path found = Path.of(source);
            // In the build of Herald itself, the classes are in a directory beside the jar.
            return Files.isDirectory(found) ? found.resolveSibling("herald-testing.jar") : found;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static Path cache() {
        String configured = System.getProperty(CACHE);
        if (configured != null) {
            return Path.of(configured).toAbsolutePath();
        }
        String caches = System.getenv("XDG_CACHE_HOME");
        return (caches == null || caches.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(caches))
                .resolve("herald-testing")
                .toAbsolutePath();
    }

    private static void unpack(Path jar, Path target) throws IOException {
        try (JarFile packed = new JarFile(jar.toFile())) {
            for (JarEntry entry : Collections.list(packed.entries())) {
                if (entry.getName().startsWith(PACKED) && entry.getName().endsWith(".jar")) {
                    Path file = target.resolve(entry.getName().substring(PACKED.length()))
                            .normalize();
                    if (!file.startsWith(target)) {
                        throw new IOException("The jar has an entry outside of its directory: " + entry.getName());
                    }
                    Files.createDirectories(file.getParent());
                    try (InputStream in = packed.getInputStream(entry)) {
                        // In one piece: in the small pieces of Files.copy, it takes half as long again.
                        Files.write(file, in.readAllBytes());
                    }
                }
            }
        }
    }

    /** Makes the directory visible at once; another process may have been faster. */
    private static void publish(Path unfinished, Path directory) throws IOException {
        try {
            Files.move(unfinished, directory);
        } catch (FileSystemException e) {
            delete(unfinished);
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    private static void deleteUnused(Path cache) throws IOException {
        Instant limit = Instant.now().minus(UNUSED);
        try (Stream<Path> versions = Files.list(cache)) {
            for (Path version : versions.toList()) {
                if (Files.getLastModifiedTime(version).toInstant().isBefore(limit)) {
                    delete(version);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Class path of {@link HubMain}: what Quarkus has generated or changed has precedence, as in its own class loader. */
    String classPath() throws IOException {
        List<Path> all = new ArrayList<>(List.of(
                directory.resolve("quarkus/transformed-bytecode.jar"),
                directory.resolve("quarkus/generated-bytecode.jar")));
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !all.contains(file))
                    .sorted()
                    .forEach(all::add);
        }
        all.add(jar);
        return String.join(File.pathSeparator, all.stream().map(Path::toString).toList());
    }
}
