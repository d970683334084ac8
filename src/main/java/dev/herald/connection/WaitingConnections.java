package dev.herald.connection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.netty.channel.EventLoop;

/**
 * The connections of one event loop that have no request in progress. Those whose request head is awaited have a deadline;
 * both kinds are bounded, so that clients that ask for nothing do not use up the descriptors (Slowloris). Belongs to the loop.
 */
final class WaitingConnections {
    private final EventLoop loop;
    private final LongSupplier nanoTime;
    private final long headerTimeout;
    private final int bound;

    /** Connection to the time at which the wait began, in nanoseconds; oldest first. */
    private final Map<Connection, Long> heads = new LinkedHashMap<>();

    private final Map<Connection, Long> idle = new LinkedHashMap<>();
    private boolean scheduled;

    /** A connection that may have to be closed. Methods are called on the loop. */
    interface Connection {
        /** Closes it at once. */
        void cut();

        /** Closes it in the way of its protocol. */
        void close();
    }

    /**
     * @param headerTimeout nanoseconds
     * @param bound of each of both kinds
     * @param nanoTime as {@link System#nanoTime()}
     */
    WaitingConnections(EventLoop loop, long headerTimeout, int bound, LongSupplier nanoTime) {
        this.loop = loop;
        this.headerTimeout = headerTimeout;
        this.bound = bound;
        this.nanoTime = nanoTime;
    }

    /** A head is awaited: its deadline begins now. */
    void awaitHead(Connection connection) {
        idle.remove(connection);
        heads.put(connection, nanoTime.getAsLong());
        if (heads.size() > bound) {
            removeOldest(heads).cut();
        }
        schedule(headerTimeout);
    }

    /** The last request was answered; another one may come, at any time. */
    void awaitRequest(Connection connection) {
        heads.remove(connection);
        idle.put(connection, nanoTime.getAsLong());
        if (idle.size() > bound) {
            removeOldest(idle).close();
        }
    }

    /** A request is in progress, or the connection is closed. */
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
