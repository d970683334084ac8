package dev.herald.soak;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts of what a run must have seen, so that no check passes vacuously. Thread-safe. */
final class Tally {
    private final AtomicLongArray counts = new AtomicLongArray(Seen.values().length);

    void count(Seen seen) {
        count(seen, 1);
    }

    void count(Seen seen, long times) {
        counts.addAndGet(seen.ordinal(), times);
    }

    /** Kinds that the run has not seen. */
    List<Seen> unseen(boolean keepsEverything) {
        return Stream.of(Seen.values())
                .filter(seen -> !(seen.needsRetention && keepsEverything) && counts.get(seen.ordinal()) == 0)
                .toList();
    }

    /** Reports each kind that the run has not seen. */
    void requireAll(boolean keepsEverything, Faults faults) {
        unseen(keepsEverything).forEach(seen -> faults.add("checker: the run has not seen: %s", seen.label()));
    }

    /** Counts for the report. */
    String summary() {
        return Arrays.stream(Seen.values())
                .map(seen -> seen.label() + "=" + counts.get(seen.ordinal()))
                .collect(Collectors.joining(" "));
    }

    /** Kinds of what a run must have seen. */
    enum Seen {
        /** Event with an id that an earlier one has. */
        REPEATED_ID,
        /** Stream that resumed after an id given several times, with a verified start. */
        RESUMED,
        /** Event before the place that was reached already, received again for such an id. */
        AGAIN,
        /** Stream with the latest N events, with a verified start. */
        LATEST,
        /** Stream after an id given as {@code since}. */
        SINCE_ID,
        /** Stream with {@code since} and a stronger {@code Last-Event-ID}. */
        SINCE_OVERRULED,
        /** Event {@code live}. */
        LIVE,
        /** Update published over HTTP/1.1 and TLS. */
        TLS_SENT_HTTP_1,
        /** Update published over HTTP/2 and TLS. */
        TLS_SENT_HTTP_2,
        /** Update received over HTTP/1.1 and TLS. */
        TLS_RECEIVED_HTTP_1,
        /** Update received over HTTP/2 and TLS. */
        TLS_RECEIVED_HTTP_2,
        /** Update received with a reconnection time of its publisher. */
        RETRY,
        /** First block of a stream with the configured reconnection time. */
        FIRST_RETRY,
        /** End of a stream with a reconnection time. */
        LAST_RETRY,
        /** Private update on a requested topic that the grants of the subscriber's token do not cover. */
        WITHHELD,
        /** Several updates published in one request. */
        BATCH,
        /** Update received in an envelope. */
        ENVELOPE,
        /** Event that was exported as history. */
        EXPORTED,
        /** Newest event of a topic, with which a stream began and which an answer had. */
        LATEST_OF_TOPIC,
        /** Reported gap. */
        GAP(true),
        /** Event that a reported gap has skipped. */
        LOST(true);

        private final boolean needsRetention;

        Seen() {
            this(false);
        }

        /** @param needsRetention whether it happens only where events expire */
        Seen(boolean needsRetention) {
            this.needsRetention = needsRetention;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
