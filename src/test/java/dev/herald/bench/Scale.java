package dev.herald.bench;

import java.time.Duration;
import java.util.Locale;

/** Scale of the measurements: the system property {@code bench.scale}, {@code full} or {@code quick}. */
enum Scale {
    /** For published figures. */
    FULL(3, Duration.ofSeconds(3), 1_000_000, 10_000, 1_000, 1_000_000),
    /** Only checks that everything works. */
    QUICK(1, Duration.ofSeconds(1), 100_000, 2_000, 100, 20_000);

    /** Number of alternating repetitions of each figure and its baselines. */
    final int repetitions;

    /** Measured time of one repetition. */
    final Duration run;

    /** Number of replayed events. */
    final int events;

    /** Number of subscribers in large measurements. */
    final int subscribers;

    /** Number of concurrent replays. */
    final int replaying;

    /** Number of streams in the largest measurement. */
    final int streams;

    Scale(int repetitions, Duration run, int events, int subscribers, int replaying, int streams) {
        this.repetitions = repetitions;
        this.run = run;
        this.events = events;
        this.subscribers = subscribers;
        this.replaying = replaying;
        this.streams = streams;
    }

    /** The scale of the system property. */
    static Scale current() {
        String name = System.getProperty("bench.scale", "full");
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("bench.scale is 'full' or 'quick', not '" + name + "'.", e);
        }
    }
}
