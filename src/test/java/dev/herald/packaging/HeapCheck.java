package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.herald.auth.TokenMint;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Check that a packaged hub survives workloads on a small heap. It accepts what its budgets allow, and answers the rest
 * with 503 and {@code Retry-After}, or with a stream that ends at once. Afterwards it still serves, and restarts on its
 * stored events. An {@code OutOfMemoryError} would end the process, as in the image.
 */
final class HeapCheck {
    /** Whether all heaps are wanted, and their figures. */
    static final boolean ALL_HEAPS = "all".equals(System.getProperty("heaps"));

    /** Bytes of events that the hub retains. */
    static final long RETENTION_BYTES = 50 << 20;

    private static final String SECRET = "a secret of 32 bytes or more, for this test";

    /** Tokens of the hub. */
    static final TokenMint MINT = TokenMint.hmac("HS256", SECRET.getBytes(StandardCharsets.UTF_8));

    private HeapCheck() {}

    /**
     * Sends the workloads one after the other, and starts the hub again.
     *
     * @param directory empty
     * @param java executable
     * @param heap options of the JVM
     */
    static void survivesAndRestarts(Path directory, Path java, List<String> heap, List<Workload> workloads)
            throws Exception {
        PackagedHub.Builder starts = PackagedHub.in(directory)
                .java(java)
                .options(heap)
                // As in the image: what the second compiler produces allocates less.
                .options("-XX:TieredStopAtLevel=4", "-XX:+ExitOnOutOfMemoryError")
                .openToAll()
                .setting("HERALD_AUTH_PUBLISHER_KEY", SECRET)
                .setting("HERALD_AUTH_SUBSCRIBER_KEY", SECRET)
                .setting("HERALD_SUBSCRIPTIONS_EVENTS", "true")
                .setting("HERALD_LOG_RETENTION_BYTES", String.valueOf(RETENTION_BYTES));
        try (PackagedHub hub = starts.start()) {
            for (Workload workload : workloads) {
                survives(hub, workload);
            }
            assertThat(hub.output()).doesNotContain("OutOfMemoryError", " ERROR ");
        }
        try (PackagedHub again = starts.start()) {
            publishEventually(again.address());
            assertThat(again.output()).doesNotContain("OutOfMemoryError", " ERROR ");
        }
    }

    private static void survives(PackagedHub hub, Workload workload) throws Exception {
        Map<Integer, Integer> answers;
        try {
            answers = workload.sending().to(hub.address());
        } catch (Exception e) {
            throw new AssertionError(workload.name() + ": " + hub.output(), e);
        }
        assertThat(hub.isAlive()).as("%s: %s", workload.name(), hub.output()).isTrue();
        assertThat(answers.keySet()).as(workload.name()).isSubsetOf(workload.allowed());
        publishEventually(hub.address());
        if (ALL_HEAPS) {
            System.out.println(workload.name() + ": " + answers + ", peak of resident memory " + peak(hub));
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
