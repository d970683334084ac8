package dev.herald.stats;

/** What an event loop counts of its connections. The first group has current numbers, the others only grow. */
public enum ConnectionCounter {
    /** Connections that await the head of a request. */
    AWAITING_HEAD,
    /** Connections that await their next request. */
    IDLE,

    /** Connections closed, since no complete head arrived in time. */
    HEAD_TIMEOUTS,
    /** Connections closed, since too many others awaited a head. */
    HEADS_EVICTED,
    /** Connections closed, since too many others were idle. */
    IDLE_EVICTED,
    /** Pauses of HTTP/2 clients that sent too many frames. */
    PAUSES
}
