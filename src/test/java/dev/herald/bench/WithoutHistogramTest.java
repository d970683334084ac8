package dev.herald.bench;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The benchmark runs rarely: this fails when the class that fills the histogram has changed. */
class WithoutHistogramTest {
    private static final String STATS = "dev/herald/stats/LaneStats.class";

    @TempDir
    Path directory;

    @Test
    void copyOfTheHubDoesNotFillTheHistogram() throws IOException {
        Path hub = Files.createDirectories(directory.resolve("hub"));
        Path jar = Files.createDirectory(hub.resolve("app")).resolve("any.jar");
        byte[] original = Files.readAllBytes(Path.of("target", "classes").resolve(STATS));
        try (FileSystem classes = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Files.createDirectories(classes.getPath(STATS).getParent());
            Files.write(classes.getPath(STATS), original);
        }

        Path copy = WithoutHistogram.copyOf(hub, directory.resolve("copy"));

        try (FileSystem classes = FileSystems.newFileSystem(copy.resolve("app/any.jar"))) {
            assertThat(Files.readAllBytes(classes.getPath(STATS)))
                    .isNotEqualTo(original)
                    .hasSizeLessThan(original.length);
        }
        assertThat(jar).exists();
    }
}
