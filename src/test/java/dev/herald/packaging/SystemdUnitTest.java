package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.smallrye.config.WithDefault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.DrainConfig;
import dev.herald.Programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Tests of the unit for systemd, by systemd's own tools: its settings exist, and what a taken-over hub could reach is
 * little. No systemd runs it here.
 */
class SystemdUnitTest {
    private static final Path UNIT = Path.of("src/main/systemd/herald.service");
    private static final String JAVA = "/usr/bin/java";

    /** Exposure in tenths, of 0 to 100, that systemd calls "OK" up to 20. The unit had 13 with systemd 252. */
    private static final int MAX_EXPOSURE = 20;

    @TempDir
    private Path temporary;

    @Test
    void settingsAreValid() throws Exception {
        String unit = Files.readString(UNIT);
        assertThat(unit).contains("ExecStart=" + JAVA + " ");
        // The program must exist for the check.
        Path copy = Files.writeString(
                temporary.resolve("herald.service"), unit.replace(JAVA, System.getProperty("java.home") + "/bin/java"));

        assertThat(analyze("verify", copy.toString())).isEmpty();
    }

    @Test
    void exposureIsLow() throws Exception {
        assertThat(analyze("security", "--offline=true", "--no-pager", "--threshold=" + MAX_EXPOSURE, UNIT.toString()))
                .contains("Overall exposure level for herald.service");
    }

    @Test
    void optionsOfTheJvmAreThoseOfTheImageThatEachSupportedJvmHas() throws IOException {
        Set<String> onlyInTheImage = Set.of(
                // Since release 25.
                "-XX:+UseCompactObjectHeaders",
                // The machine has other processes.
                "-XX:MaxRAMPercentage=50");
        List<String> image = Dockerfile.read("Dockerfile.jvm").entryPoint().stream()
                .filter(word -> word.startsWith("-XX"))
                .filter(word -> !onlyInTheImage.contains(word))
                .toList();

        String start = Files.readString(UNIT)
                .lines()
                .filter(line -> line.startsWith("ExecStart="))
                .collect(Collectors.joining());

        assertThat(List.of(start.split(" "))).containsAll(image);
    }

    @Test
    void stopWaitsLongerThanTheDrain() throws Exception {
        String drain = DrainConfig.class
                .getMethod("drain")
                .getAnnotation(WithDefault.class)
                .value();
        String stop = Files.readString(UNIT)
                .lines()
                .filter(line -> line.startsWith("TimeoutStopSec="))
                .findFirst()
                .orElseThrow();

        assertThat(Duration.parse("PT" + stop.split("=")[1]))
                .isGreaterThan(Duration.parse("PT" + drain).plusSeconds(5));
    }

    /** Output of {@code systemd-analyze}, which must succeed. */
    private static String analyze(String... arguments) throws IOException, InterruptedException {
        Path program = Programs.find("systemd-analyze").orElse(null);
        if (program == null) {
            String missing = "Without systemd-analyze, the unit for systemd cannot be checked.";
            Programs.reportSkipped("the unit for systemd", missing);
            abort(missing);
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
