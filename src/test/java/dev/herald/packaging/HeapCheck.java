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

    private static final String BOTH_COMPILERS = "-XX:TieredStopAtLevel=4";

    /** It costs less CPU time, and what it produces allocates more. */
    static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

    /** Bytes of events that the hub retains. */
    static final long RETENTION_BYTES = 50 << 20;

    /** Deadline of bodies after the restart. The default is 30 s. */
    private static final String BODY_TIMEOUT = "3s";

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
     * @param afterTheRestart workloads that wait for the deadline of bodies, which is short then
     */
    static void survivesAndRestarts(
            Path directory, Path java, List<String> heap, List<Workload> workloads, List<Workload> afterTheRestart)
            throws Exception {
        PackagedHub.Builder starts = PackagedHub.in(directory)
                .java(java)
                // As in the image, unless the heap's options say otherwise.
                .options(BOTH_COMPILERS, "-XX:+ExitOnOutOfMemoryError")
                .options(heap)
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
        starts.options(FIRST_COMPILER).setting("HERALD_PUBLISH_BODY_TIMEOUT", BODY_TIMEOUT);
        try (PackagedHub again = starts.start()) {
            publishEventually(again.address());
            for (Workload workload : afterTheRestart) {
                survives(again, workload);
            }
            assertThat(again.output()).doesNotContain("OutOfMemoryError", " ERROR ");
        }
    }

    private static void survives(PackagedHub hub, Workload workload) throws Exception {
        Map<Integer, Integer> answers;
        HubResources resources = new HubResources(hub.pid());
        double hubBefore = resources.cpuSeconds();
        double before = clientSeconds();
        long begin = System.nanoTime();
        try {
            answers = workload.sending().to(hub.address());
        } catch (Exception e) {
            throw new AssertionError(workload.name() + ": " + hub.output(), e);
        }
        assertThat(hub.isAlive()).as("%s: %s", workload.name(), hub.output()).isTrue();
        assertThat(answers.keySet()).as(workload.name()).isSubsetOf(workload.allowed());
        publishEventually(hub.address());
        if (ALL_HEAPS) {
            System.out.printf(
                    "%s: %s, %s, %.1f s; CPU of hub %.1f s, of clients %.1f s%n",
                    workload.name(),
                    answers,
                    peak(hub),
                    (System.nanoTime() - begin) / 1e9,
                    resources.cpuSeconds() - hubBefore,
                    clientSeconds() - before);
        }
    }

    /** CPU time of this process, which sends the workloads. */
    private static double clientSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
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
