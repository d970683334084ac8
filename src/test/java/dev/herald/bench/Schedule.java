package dev.herald.bench;

/**
 * Schedule of messages that is independent of responses, so that latency includes delays of publishing.
 *
 * @param begin of publishing, by {@link System#nanoTime()}
 * @param end of publishing, exclusive
 * @param nanosApart between two messages of all publishers together; 0: each is due when the one before is answered
 * @param messages most that one publisher publishes
 */
record Schedule(long begin, long end, double nanosApart, long messages) {
    private static final long NEVER = Long.MAX_VALUE;

    /** As fast as answered, for this time from now. */
    static Schedule flatOut(long nanos) {
        long now = System.nanoTime();
        return new Schedule(now, now + nanos, 0, NEVER);
    }

    /** As fast as answered, this many by each publisher. */
    static Schedule flatOutMessages(long messages) {
        return new Schedule(System.nanoTime(), NEVER, 0, messages);
    }

    /**
     * At a rate, for this time from {@code begin}.
     *
     * @param rate messages per second, 0: as fast as answered
     */
    static Schedule at(double rate, long begin, long nanos, long messages) {
        return new Schedule(begin, begin + nanos, rate == 0 ? 0 : 1e9 / rate, messages);
    }

    /** Time at which a publisher's next message is due. */
    long due(int publisher, int publishers, long before) {
        return nanosApart == 0
                ? Math.max(begin, System.nanoTime())
                : begin + (long) ((before * publishers + publisher) * nanosApart);
    }

    boolean over(long due, long before) {
        return before >= messages || due >= end;
    }
}
