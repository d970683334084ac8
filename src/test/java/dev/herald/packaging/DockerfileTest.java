package dev.herald.packaging;

import java.io.IOException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of what both Dockerfiles promise, without their images. */
class DockerfileTest {

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native-micro"})
    void baseImageHasAVersionThatTheLabelsName(String name) throws IOException {
        Dockerfile dockerfile = Dockerfile.read(name);

        assertThat(dockerfile.base()).matches("[a-z0-9./-]+:\\d+\\.[a-z0-9._-]+");
        assertThat(dockerfile.labels().get("org.opencontainers.image.base.name"))
                .endsWith(dockerfile.base());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native-micro"})
    void labelsSayWhatTheImageIs(String name) throws IOException {
        Dockerfile dockerfile = Dockerfile.read(name);

        assertThat(dockerfile.labels())
                .containsEntry("org.opencontainers.image.title", "Herald")
                .containsEntry("org.opencontainers.image.licenses", "Apache-2.0")
                .containsEntry("org.opencontainers.image.version", "${VERSION}")
                .containsEntry("org.opencontainers.image.revision", "${REVISION}");
        assertThat(dockerfile.instructions())
                .filteredOn(line -> line.startsWith("ARG "))
                .as("with defaults, and after FROM, which would end their scope")
                .containsExactly("ARG VERSION=unversioned", "ARG REVISION=unknown");
        assertThat(dockerfile.instructions().get(0)).startsWith("FROM ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native-micro"})
    void declaresNoVolume(String name) throws IOException {
        assertThat(Dockerfile.read(name).instructions()).noneMatch(line -> line.startsWith("VOLUME"));
    }
}
