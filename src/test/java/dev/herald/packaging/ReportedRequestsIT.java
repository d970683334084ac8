package dev.herald.packaging;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the packaged hub under reported requests that ended it ({@link HeapCheck}). */
class ReportedRequestsIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    private Path temporary;

    /** Requests that ended a hub before it had budgets, each with the heap on which they did. */
    static Stream<Arguments> reports() {
        return Stream.of(
                report(Workloads.longTopicsInSequence(490), "-Xmx512m", "-XX:+UseSerialGC"),
                report(Workloads.longTopicsInSequence(490), "-Xmx512m", "-XX:+UseG1GC"),
                report(Workloads.lineBreaks(100), "-Xmx512m", "-XX:+UseSerialGC"),
                report(Workloads.largeBodies(100), "-Xmx512m", "-XX:+UseG1GC"),
                report(Workloads.largeBodies(60), "-Xmx64m", "-XX:+UseSerialGC"),
                report(Workloads.longTokens(HeapCheck.MINT, 732), "-Xmx256m", "-XX:+UseSerialGC"));
    }

    private static Arguments report(Workload workload, String... heap) {
        return Arguments.of(Named.of(workload.name(), workload), List.of(heap));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("reports")
    void survivesTheReportedRequestsAndRestarts(Workload workload, List<String> heap) throws Exception {
        HeapCheck.survivesAndRestarts(temporary, JAVA, heap, List.of(workload));

        try (Stream<Path> files = Files.list(temporary.resolve("data"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(3 * HeapCheck.RETENTION_BYTES);
        }
    }
}
