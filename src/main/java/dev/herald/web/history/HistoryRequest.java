package dev.herald.web.history;

import java.time.Duration;
import java.util.OptionalInt;

import dev.herald.web.StreamRequest;

/**
 * Parsed request for past events.
 *
 * @param stream selectors and start, as of a stream
 * @param limit most events of the answer that the log keeps, 1 to {@value #MAX_LIMIT}; if absent, {@value #DEFAULT_LIMIT} in a document,
 *     and all that there are as lines
 * @param maxWait longest time to wait if there is no event, up to {@link #MAX_WAIT}; zero to wait for none
 */
public record HistoryRequest(StreamRequest stream, OptionalInt limit, Duration maxWait) {
    /** Largest {@code limit}, inclusive. */
    public static final int MAX_LIMIT = 1_000;

    /** Most events of a document without a {@code limit}. */
    public static final int DEFAULT_LIMIT = 100;

    /** Longest {@code wait}, inclusive. */
    public static final Duration MAX_WAIT = Duration.ofMinutes(5);

    /** Whether it may wait. */
    boolean waits() {
        return !maxWait.isZero();
    }
}
