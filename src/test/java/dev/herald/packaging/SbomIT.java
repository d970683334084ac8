package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that the list of components (CycloneDX) names every file of the packaged application, with its hash. */
class SbomIT {
    private static final Path SBOM = Path.of("target/quarkus-run-cyclonedx.json");
    private static final Path APPLICATION = Path.of("target/quarkus-app");

    @Test
    void listsEachLibraryOfTheApplicationWithItsHash() throws IOException {
        PackagedHub.assumeJar();
        JsonNode sbom = new ObjectMapper().readTree(Files.readString(SBOM));
        assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");

        Set<String> listed = new TreeSet<>();
        for (JsonNode component : sbom.path("components")) {
            for (JsonNode occurrence : component.path("evidence").path("occurrences")) {
                listed.add(occurrence.path("location").asText());
                assertThat(component.path("hashes")).as(occurrence.toString()).isNotEmpty();
            }
        }

        assertThat(listed).containsAll(libraries());
    }

    private static Set<String> libraries() throws IOException {
        try (Stream<Path> files = Files.walk(APPLICATION.resolve("lib"))) {
            Set<String> found = new TreeSet<>();
            files.filter(file -> file.toString().endsWith(".jar"))
                    .forEach(file -> found.add(APPLICATION.relativize(file).toString()));
            assertThat(found).hasSizeGreaterThan(50);
            return found;
        }
    }
}
