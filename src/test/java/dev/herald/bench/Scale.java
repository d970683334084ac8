package dev.herald.bench;

import java.time.Duration;
import java.util.Locale;

/** How much of everything is measured: the system property {@code bench.scale}, {@code full} or {@code quick}. */
enum Scale {
    /** What figures are quoted from. */
    FULL(3, Duration.ofSeconds(3), 1_000_000, 10_000, 1_000, 1_000_000),
    /** Whether everything works. */
    QUICK(1, Duration.ofSeconds(1), 100_000, 2_000, 100, 20_000);

    /** How often each figure and its baselines are taken, in turn. */
    final int repetitions;

    /** How long one of them is measured. */
    final Duration run;

    /** Length of the log that is replayed. */
    final int events;

    /** Subscribers where there are to be many. */
    final int subscribers;

    /** Subscribers who replay a log at once. */
    final int replaying;

    /** Streams where there are to be as many as can be. */
    final int streams;

    Scale(int repetitions, Duration run, int events, int subscribers, int replaying, int streams) {
        this.repetitions = repetitions;
        this.run = run;
        this.events = events;
        this.subscribers = subscribers;
        this.replaying = replaying;
        this.streams = streams;
    }

    /** As the system property says. */
    static Scale current() {
        String name = System.getProperty("bench.scale", "full");
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("bench.scale is 'full' or 'quick', not '" + name + "'.", e);
        }
    }
}
