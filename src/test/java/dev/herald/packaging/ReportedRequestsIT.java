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

    /**
     * Heaps, each with the requests that ended a hub on it before there were budgets. They are sent one after the other.
     */
    static Stream<Arguments> reports() {
        return Stream.of(
                report(
                        List.of("-Xmx512m", "-XX:+UseSerialGC"),
                        Workloads.lineBreaks(100),
                        Workloads.longTopicsInSequence(490)),
                report(
                        List.of("-Xmx512m", "-XX:+UseG1GC"),
                        Workloads.largeBodies(100),
                        Workloads.longTopicsInSequence(490)),
                report(List.of("-Xmx64m", "-XX:+UseSerialGC"), Workloads.largeBodies(60)),
                report(List.of("-Xmx256m", "-XX:+UseSerialGC"), Workloads.longTokens(HeapCheck.MINT, 732)));
    }

    private static Arguments report(List<String> heap, Workload... workloads) {
        List<Workload> all = List.of(workloads);
        return Arguments.of(
                heap, Named.of(all.stream().map(Workload::name).toList().toString(), all));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("reports")
    void survivesTheReportedRequestsAndRestarts(List<String> heap, List<Workload> workloads) throws Exception {
        HeapCheck.survivesAndRestarts(temporary, JAVA, heap, workloads, List.of());

        try (Stream<Path> files = Files.list(temporary.resolve("data"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(3 * HeapCheck.RETENTION_BYTES);
        }
    }
}
