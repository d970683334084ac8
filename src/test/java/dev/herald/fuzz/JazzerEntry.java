package dev.herald.fuzz;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Class that Jazzer calls, on one thread. Its arguments are the name of the target and the CPU time of this thread, in
 * seconds, after which it reports the number of inputs. CPU time is independent of the load of the machine.
 */
public final class JazzerEntry {
    /** Begins the line of the report: inputs, CPU time and wall time in seconds follow. */
    public static final String REPORT = "CPU time used:";

    /** CPU time of one input. Its longest one costs milliseconds, of interpreted code too. */
    private static final Duration MAX_CPU = Duration.ofSeconds(5);

    private static FuzzTarget target;
    private static Duration limit;
    private static long started;
    private static long inputs;
    private static boolean reported;

    private JazzerEntry() {}

    /** Called once, before the first input. */
    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.create(arguments[0]);
        limit = Duration.ofSeconds(Long.parseLong(arguments[1]));
        started = System.nanoTime();
    }

    /** Called for each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        long before = cpuNanos();
        target.run(new FuzzInput(input));
        long after = cpuNanos();
        inputs++;
        if (after - before > MAX_CPU.toNanos()) {
            throw new AssertionError("One input took " + Duration.ofNanos(after - before) + " of CPU time");
        }
        if (after > limit.toNanos() && !reported) {
            reported = true;
            Duration wall = Duration.ofNanos(System.nanoTime() - started);
            System.out.println(REPORT + " " + inputs + " " + limit.toSeconds() + " " + wall.toSeconds());
        }
    }

    /** Includes what Jazzer itself uses on this thread, from the start. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
