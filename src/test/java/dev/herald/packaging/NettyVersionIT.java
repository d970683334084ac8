package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** Tests that the packaged hub has each Netty artifact once, in the version of the build. */
class NettyVersionIT {
    private static final Path BUILT = Path.of("target");

    @BeforeEach
    void needsAJar() throws IOException {
        if (!Files.readString(BUILT.resolve("quarkus-artifact.properties")).contains("type=jar")) {
            abort("This build made a native binary, which has no jars.");
        }
    }

    @Test
    void everyJarOfNettyHasTheVersionOfTheBuild() throws IOException {
        try (Stream<Path> files = Files.walk(BUILT.resolve("quarkus-app"))) {
            List<String> jars = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("io.netty."))
                    .toList();

            assertThat(jars)
                    .hasSizeGreaterThan(10)
                    .anyMatch(name -> name.startsWith("io.netty.netty-codec-http2-"))
                    .allMatch(Pattern.compile("io\\.netty\\.netty-[a-z0-9-]+-" + Pattern.quote(Netty.version())
                                    + "(-linux-[a-z0-9_]+)?\\.jar")
                            .asMatchPredicate());
        }
    }
}
