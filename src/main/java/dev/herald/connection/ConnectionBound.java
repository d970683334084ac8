package dev.herald.connection;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import org.jboss.logging.Logger;

import dev.herald.logging.WarningInterval;

/**
 * Bound on open connections, which reserves descriptors for the process's own files. At the bound no connection is
 * accepted: new ones wait in the kernel until another one closes (decision 130). Thread-safe.
 */
final class ConnectionBound {
    private static final Logger LOG = Logger.getLogger(ConnectionBound.class);

    private final IntSupplier descriptors;
    private final Set<Channel> servers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final WarningInterval warnings = new WarningInterval();

    /** One listener for all connections, which saves an object each. */
    private final ChannelFutureListener release = closed -> release();

    private volatile int bound;
    private volatile boolean paused;

    /** @param descriptors maximum open connections; read once, when the first one is accepted */
    ConnectionBound(IntSupplier descriptors) {
        this.descriptors = descriptors;
    }

    /** Registers a server that accepts connections from now on. */
    synchronized void add(Channel server) {
        servers.add(server);
        server.closeFuture().addListener(closed -> servers.remove(server));
        if (paused) {
            server.config().setAutoRead(false);
        }
    }

    /** Counts an accepted connection until it closes. */
    void accepted(Channel connection) {
        if (bound == 0) {
            bound = Math.max(1, descriptors.getAsInt());
        }
        int count = open.incrementAndGet();
        accepted.incrementAndGet();
        connection.closeFuture().addListener(release);
        if (count >= bound) {
            update();
        }
    }

    /** Open connections. */
    int open() {
        return open.get();
    }

    /** Maximum open connections; 0 before the first one. */
    int limit() {
        return bound;
    }

    /** Connections accepted since the start. */
    long accepted() {
        return accepted.get();
    }

    /** Whether no connection is accepted, since the limit is reached. */
    boolean paused() {
        return paused;
    }

    private void release() {
        open.decrementAndGet();
        if (paused) {
            update();
        }
    }

    private synchronized void update() {
        pause(open.get() >= bound);
        if (paused && open.get() < bound) {
            // A connection that closed in between did not see that the servers are paused.
            pause(false);
        }
    }

    private void pause(boolean full) {
        if (full != paused) {
            paused = full;
            servers.forEach(server -> server.config().setAutoRead(!full));
            if (full) {
                report();
            }
        }
    }

    private void report() {
        if (warnings.elapsed()) {
            LOG.warnf(
                    "All connections that the limit of open files allows are in use. New clients wait until"
                            + " others disconnect. Raise the limit (ulimit -n). connections=%d",
                    bound);
        }
    }
}
