package dev.herald.connection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.netty.channel.EventLoop;

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
     * @param bound most connections of each kind
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
            removeOldest(heads).cut();
        }
        schedule(headerTimeout);
    }

    /** Registers an idle connection: its last request was answered. */
    void awaitRequest(Connection connection) {
        heads.remove(connection);
        idle.put(connection, nanoTime.getAsLong());
        if (idle.size() > bound) {
            removeOldest(idle).close();
        }
    }

    /** Removes a connection that has a request in progress or is closed. */
    void remove(Connection connection) {
        heads.remove(connection);
        idle.remove(connection);
    }

    private static Connection removeOldest(Map<Connection, Long> connections) {
        Connection oldest = connections.keySet().iterator().next();
        connections.remove(oldest);
        return oldest;
    }

    private void schedule(long nanos) {
        if (!scheduled) {
            scheduled = true;
            loop.schedule(this::cutLate, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void cutLate() {
        scheduled = false;
        long now = nanoTime.getAsLong();
        while (!heads.isEmpty()) {
            long left = heads.values().iterator().next() + headerTimeout - now;
            if (left > 0) {
                schedule(left);
                return;
            }
            removeOldest(heads).cut();
        }
    }
}
