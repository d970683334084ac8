package dev.herald.connection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.netty.channel.EventLoop;

import dev.herald.stats.ConnectionCounter;
import dev.herald.stats.SingleWriterCounters;

/**
 * Registry of one event loop's connections without a request in progress. Those that await a request head have a
 * deadline; the others are idle. Both kinds are bounded, so that silent clients cannot exhaust the descriptors
 * (Slowloris). Belongs to the loop.
 */
final class WaitingConnections {
    private final EventLoop loop;
    private final LongSupplier nanoTime;
    private final long headerTimeout;
    private final int bound;
    private final SingleWriterCounters<ConnectionCounter> counters =
            new SingleWriterCounters<>(ConnectionCounter.values());

    /** Time at which each connection began to wait, in nanoseconds; oldest first. */
    private final Map<Connection, Long> heads = new LinkedHashMap<>();

    private final Map<Connection, Long> idle = new LinkedHashMap<>();
    private boolean scheduled;

    /** A connection that may have to be closed. Methods are called on the loop. */
    interface Connection {
        /** Closes it at once. */
        void cut();

        /** Closes it gracefully, by its protocol. */
        void close();
    }

    /**
     * @param headerTimeout nanoseconds
     * @param bound maximum connections of each kind
     * @param nanoTime as {@link System#nanoTime()}
     */
    WaitingConnections(EventLoop loop, long headerTimeout, int bound, LongSupplier nanoTime) {
        this.loop = loop;
        this.headerTimeout = headerTimeout;
        this.bound = bound;
        this.nanoTime = nanoTime;
    }

    /** Registers a connection that awaits a head; its deadline begins now. */
    void awaitHead(Connection connection) {
        idle.remove(connection);
        heads.put(connection, nanoTime.getAsLong());
        if (heads.size() > bound) {
            counters.increment(ConnectionCounter.HEADS_EVICTED);
            removeOldest(heads).cut();
        }
        countWaiting();
        schedule(headerTimeout);
    }

    /** Registers an idle connection: its last request was answered. */
    void awaitRequest(Connection connection) {
        heads.remove(connection);
        idle.put(connection, nanoTime.getAsLong());
        if (idle.size() > bound) {
            counters.increment(ConnectionCounter.IDLE_EVICTED);
            removeOldest(idle).close();
        }
        countWaiting();
    }

    /** Removes a connection that has a request in progress or is closed. */
    void remove(Connection connection) {
        heads.remove(connection);
        idle.remove(connection);
        countWaiting();
    }

    private void countWaiting() {
        counters.set(ConnectionCounter.AWAITING_HEAD, heads.size());
        counters.set(ConnectionCounter.IDLE, idle.size());
    }

    /** Counters of the event loop; thread-safe for reading. */
    SingleWriterCounters<ConnectionCounter> counters() {
        return counters;
    }

    /** Maximum connections of each kind. */
    int bound() {
        return bound;
    }

    private static Connection removeOldest(Map<Connection, Long> connections) {
        Connection oldest = connections.keySet().iterator().next();
        connections.remove(oldest);
        return oldest;
    }

    private void schedule(long nanos) {
        if (!scheduled) {
            // In this order: a rejected task leaves the next connection to try again.
            loop.schedule(this::cutExpired, nanos, TimeUnit.NANOSECONDS);
            scheduled = true;
        }
    }

    private void cutExpired() {
        scheduled = false;
        long now = nanoTime.getAsLong();
        while (!heads.isEmpty()) {
            long left = heads.values().iterator().next() + headerTimeout - now;
            if (left > 0) {
                schedule(left);
                return;
            }
            counters.increment(ConnectionCounter.HEAD_TIMEOUTS);
            removeOldest(heads).cut();
            countWaiting();
        }
    }
}
