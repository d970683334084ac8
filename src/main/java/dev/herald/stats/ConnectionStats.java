package dev.herald.stats;

import java.util.Map;

/**
 * Counters of the connections of this node. Immutable.
 *
 * @param open open connections
 * @param limit maximum open connections; 0 before the first one
 * @param accepted connections accepted since the start
 * @param rejected connections closed as they were accepted, since their address had too many; not in {@code accepted}
 * @param accepting whether connections are accepted, rather than left waiting in the kernel
 * @param waitingLimit maximum of connections that await a head on this node, and of idle ones
 * @param ofLoops sum of the counters of all event loops
 */
public record ConnectionStats(
        long open,
        long limit,
        long accepted,
        long rejected,
        boolean accepting,
        long waitingLimit,
        Map<ConnectionCounter, Long> ofLoops) {

    public long get(ConnectionCounter counter) {
        return ofLoops.getOrDefault(counter, 0L);
    }
}
