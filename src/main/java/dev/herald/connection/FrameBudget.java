package dev.herald.connection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Rate limit of HTTP/2 frames that cost the client nothing and the hub some work: reset streams, pings, settings,
 * priorities. One token bucket for each client address, so that a new connection brings no new budget (CVE-2023-44487).
 * An IPv6 client is its /64 network. Belongs to one event loop.
 */
final class FrameBudget {
    private static final int MAX_ADDRESSES = 1_024;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final long nanosPerFrame;
    private final long burstNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong pauses = new AtomicLong();

    /** Time at which each address's bucket was or will be full, in nanoseconds. */
    private final Map<Object, Long> fullAt = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /**
     * @param burst capacity of a bucket, in frames
     * @param perSecond refill rate, in frames a second
     * @param nanoTime as {@link System#nanoTime()}
     */
    FrameBudget(int burst, int perSecond, LongSupplier nanoTime) {
        this.nanosPerFrame = 1_000_000_000L / perSecond;
        this.burstNanos = burst * nanosPerFrame;
        this.nanoTime = nanoTime;
    }

    /**
     * Acquires one frame from the budget of the client.
     *
     * @return nanoseconds for which reading from the client must pause; 0 or less for no pause
     */
    long acquire(SocketAddress client) {
        long now = nanoTime.getAsLong();
        Object network = network(client);
        Long known = fullAt.get(network);
        long full = known == null || known - now < 0 ? now : known;
        full += nanosPerFrame;
        fullAt.put(network, full);
        return full - now - burstNanos;
    }

    /** Counts a client whose reading pauses. */
    void countPause() {
        pauses.setOpaque(pauses.getPlain() + 1);
    }

    /** Number of pauses. Thread-safe. */
    long pauses() {
        return pauses.getOpaque();
    }

    private static Object network(SocketAddress client) {
        if (client instanceof InetSocketAddress address) {
            InetAddress host = address.getAddress();
            return host instanceof Inet6Address ? ByteBuffer.wrap(host.getAddress(), 0, IPV6_NETWORK_BYTES) : host;
        }
        return SocketAddress.class;
    }
}
