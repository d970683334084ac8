package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests of the packaged hub on small heaps, under requests that are each allowed but together far exceed the heap:
 * bounds on counts do not bound bytes ({@link Workloads}, {@link HeapCheck}).
 *
 * <p>With {@code -Dheaps=all} it runs on each heap size, collector and JDK, and prints the figures.
 */
class SmallHeapIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    private Path temporary;

    static Stream<Arguments> heaps() throws IOException {
        Path jdk25 = Jdk25.java().orElse(Path.of(""));
        if (jdk25.toString().isEmpty()) {
            System.err.println("SKIPPED: SmallHeapIT on a JDK 25, which is not installed here.");
        }
        List<Arguments> heaps = new ArrayList<>();
        if (HeapCheck.ALL_HEAPS) {
            for (String size : List.of("-Xmx128m", "-Xmx256m", "-Xmx512m")) {
                heaps.add(heap(JAVA, size, "-XX:+UseSerialGC"));
                heaps.add(heap(JAVA, size, "-XX:+UseG1GC"));
                heaps.add(heap(jdk25, size, imageOptions()));
                heaps.add(heap(jdk25, size, "-XX:+UseSerialGC"));
                heaps.add(heap(jdk25, size, "-XX:+UseG1GC"));
                heaps.add(heap(jdk25, size, "-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders"));
            }
        } else {
            heaps.add(heap(JAVA, "-Xmx128m", "-XX:+UseSerialGC", HeapCheck.FIRST_COMPILER));
            heaps.add(heap(JAVA, "-Xmx128m", "-XX:+UseG1GC", HeapCheck.FIRST_COMPILER));
            heaps.add(heap(jdk25, "-Xmx192m", imageOptions()));
        }
        return heaps.stream().filter(heap -> !heap.get()[0].equals("") || System.getenv("CI") != null);
    }

    private static Arguments heap(Path java, String size, String... collector) {
        List<String> options = new ArrayList<>(List.of(size));
        options.addAll(List.of(collector));
        return Arguments.of(java.toString(), options);
    }

    /** JVM options of the image. */
    private static String[] imageOptions() throws IOException {
        return Dockerfile.read("Dockerfile.jvm").entryPoint().stream()
                .filter(word -> word.startsWith("-XX:"))
                .toArray(String[]::new);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("heaps")
    void survivesEveryWorkloadAndRestarts(String java, List<String> heap) throws Exception {
        HeapCheck.survivesAndRestarts(
                temporary, Path.of(java), heap, Workloads.all(HeapCheck.MINT), List.of(Workloads.promisedBodies()));
    }
}
