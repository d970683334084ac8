package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.auth.TokenMint;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the packaged hub on small heaps, under requests that are each allowed but together far exceed the heap:
 * bounds on counts do not bound bytes ({@link Shapes}). The hub accepts what its budgets allow and answers the rest
 * with 503 and {@code Retry-After}, or with a stream that ends at once. Afterwards it still serves, and restarts on its
 * stored events. An {@code OutOfMemoryError} would end the process, as in the image.
 *
 * <p>With {@code -Dheaps=all} it runs on each heap size, collector and JDK, and prints the figures.
 */
class SmallHeapIT {
    private static final boolean ALL_HEAPS = "all".equals(System.getProperty("heaps"));
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final String SECRET = "a secret of 32 bytes or more, for this test";

    @TempDir
    private Path temporary;

    static Stream<Arguments> heaps() throws IOException {
        Path jdk25 = Jdk25.java().orElse(Path.of(""));
        if (jdk25.toString().isEmpty()) {
            System.err.println("SKIPPED: SmallHeapIT on a JDK 25, which is not installed here.");
        }
        List<Arguments> heaps = new ArrayList<>();
        if (ALL_HEAPS) {
            for (String size : List.of("-Xmx128m", "-Xmx256m", "-Xmx512m")) {
                heaps.add(heap(JAVA, size, "-XX:+UseSerialGC"));
                heaps.add(heap(JAVA, size, "-XX:+UseG1GC"));
                heaps.add(heap(jdk25, size, imageOptions()));
                heaps.add(heap(jdk25, size, "-XX:+UseSerialGC"));
                heaps.add(heap(jdk25, size, "-XX:+UseG1GC"));
                heaps.add(heap(jdk25, size, "-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders"));
            }
        } else {
            heaps.add(heap(JAVA, "-Xmx128m", "-XX:+UseSerialGC"));
            heaps.add(heap(JAVA, "-Xmx128m", "-XX:+UseG1GC"));
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
    void survivesEveryShapeOfRequestsAndRestarts(String java, List<String> heap) throws Exception {
        PackagedHub.Builder starts = PackagedHub.in(temporary)
                .java(Path.of(java))
                .options(heap)
                .options("-XX:+ExitOnOutOfMemoryError")
                .openToAll()
                .setting("HERALD_AUTH_PUBLISHER_KEY", SECRET)
                .setting("HERALD_AUTH_SUBSCRIBER_KEY", SECRET)
                .setting("HERALD_SUBSCRIPTIONS_EVENTS", "true")
                .setting("HERALD_LOG_RETENTION_BYTES", "50M");
        try (PackagedHub hub = starts.start()) {
            for (Shape shape : Shapes.all(TokenMint.hmac("HS256", SECRET.getBytes(StandardCharsets.UTF_8)))) {
                survives(hub, shape);
            }
            assertThat(hub.output()).doesNotContain("OutOfMemoryError", " ERROR ");
        }
        try (PackagedHub again = starts.start()) {
            publishEventually(again.address());
            assertThat(again.output()).doesNotContain("OutOfMemoryError", " ERROR ");
        }
    }

    private static void survives(PackagedHub hub, Shape shape) throws Exception {
        Map<Integer, Integer> answers;
        try {
            answers = shape.sending().to(hub.address());
        } catch (Exception e) {
            throw new AssertionError(shape.name() + ": " + hub.output(), e);
        }
        assertThat(hub.isAlive()).as("%s: %s", shape.name(), hub.output()).isTrue();
        assertThat(answers.keySet()).as(shape.name()).isSubsetOf(shape.allowed());
        publishEventually(hub.address());
        if (ALL_HEAPS) {
            System.out.println(shape.name() + ": " + answers + ", peak of resident memory " + peak(hub));
        }
    }

    private static void publishEventually(URI hub) {
        eventually()
                .ignoreExceptions()
                .until(() -> RawHttp.status(hub, RawHttp.post("/message", "application/json", "", "1")) == 200);
    }

    private static String peak(PackagedHub hub) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + hub.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:")).findFirst().orElseThrow();
        }
    }
}
