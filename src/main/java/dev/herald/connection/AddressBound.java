package dev.herald.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import org.jboss.logging.Logger;

import dev.herald.limit.ConnectionLimits;
import dev.herald.logging.MinuteLog;

/**
 * Bound on the open connections of each client address, if the configuration sets one. Beyond it, a connection is reset
 * before a byte is read or any state of it exists (decision 240). Thread-safe.
 */
final class AddressBound {
    private static final Logger LOG = Logger.getLogger(AddressBound.class);

    private final ConnectionLimits limits;
    private final AtomicLong rejected = new AtomicLong();
    private final MinuteLog<String> log = new MinuteLog<>((limit, count, first) -> LOG.infof(
            "Connections were closed: their addresses have as many as are allowed. limit=%s count=%d", limit, count));

    AddressBound(ConnectionLimits limits) {
        this.limits = limits;
    }

    /**
     * Counts an accepted connection until it closes, or closes it at once. Called by the acceptor, before the connection
     * has an event loop.
     *
     * @return whether it stays open
     */
    boolean admits(Channel connection) {
        // A Unix domain socket has no address.
        if (!(connection.remoteAddress() instanceof InetSocketAddress remote) || !limits.counts(remote.getAddress())) {
            return true;
        }
        InetAddress peer = remote.getAddress();
        if (limits.open(peer)) {
            connection.closeFuture().addListener(closed -> limits.close(peer));
            return true;
        }
        rejected.incrementAndGet();
        reset(connection);
        log.record("address");
        return false;
    }

    /** Number of connections that were closed at once. */
    long rejected() {
        return rejected.get();
    }

    /** Closes it without a last state of the kernel (TIME_WAIT), which a flood would fill. */
    private static void reset(Channel connection) {
        try {
            connection.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            // The client has reset it: it is closed all the same.
        } finally {
            connection.unsafe().closeForcibly();
        }
    }
}
