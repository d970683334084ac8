package dev.herald.bench;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Source addresses of this machine for connections: one alone has too few ports for churn. Thread-safe. */
final class SourceAddresses {
    private static final int ADDRESSES = 100;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private SourceAddresses() {}

    /** The next address, with any port. */
    static InetSocketAddress next() {
        return new InetSocketAddress("127.0.0." + (2 + Math.floorMod(NEXT.getAndIncrement(), ADDRESSES)), 0);
    }
}
