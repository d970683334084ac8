package dev.herald.stats;

/**
 * Counters of the pages that streams read from the log. Immutable.
 *
 * @param inFlight pages between the log and the sockets
 * @param limit maximum of {@code inFlight}
 * @param waiting pages that wait to be read
 * @param read pages read since the start
 * @param failed pages that could not be read since the start
 */
public record PageStats(long inFlight, long limit, long waiting, long read, long failed) {
    public PageStats plus(PageStats other) {
        return new PageStats(
                inFlight + other.inFlight,
                limit + other.limit,
                waiting + other.waiting,
                read + other.read,
                failed + other.failed);
    }
}
