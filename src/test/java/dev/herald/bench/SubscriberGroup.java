package dev.herald.bench;

import io.netty.buffer.ByteBuf;
import org.HdrHistogram.Histogram;

/**
 * Subscribers of one load generator on one event loop: counts each one's messages and measures their latency. The loop
 * owns it; results may be read by other threads.
 */
final class SubscriberGroup {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int DIGITS = 3;

    private final int publishers;
    private final byte[] buffer = new byte[Marker.BYTES + BUFFER_BYTES];
    private final Histogram nanos = new Histogram(DIGITS);
    private long counted;
    private long wrong;
    private volatile long measuredFrom = Long.MAX_VALUE;
    private volatile long lastArrival;
    private volatile long faults;
    /** Written last: a thread that has read it sees the other fields. */
    private volatile long delivered;

    SubscriberGroup(int publishers) {
        this.publishers = publishers;
    }

    Listener listener() {
        return new Listener(publishers);
    }

    /** Measures messages scheduled from this time on. */
    void measureFrom(long time) {
        measuredFrom = time;
    }

    long delivered() {
        return delivered;
    }

    long faults() {
        return faults;
    }

    /** Time of the last arrival. */
    long lastArrival() {
        return lastArrival;
    }

    /** Number of measured messages. Valid, like the percentiles, after the last arrival. */
    long measured() {
        return nanos.getTotalCount();
    }

    /** Percentile of the latency, in milliseconds. */
    double percentile(double percent) {
        return nanos.getValueAtPercentile(percent) / 1e6;
    }

    /** One subscriber. */
    final class Listener {
        private final StreamScanner scanner = new StreamScanner();
        private final MessageCounter counter;

        private Listener(int publishers) {
            counter = new MessageCounter(publishers);
        }

        /** Receives bytes; the caller keeps ownership of the buffer. */
        void receive(ByteBuf bytes) {
            long now = System.nanoTime();
            long from = measuredFrom;
            long before = counter.faults();
            while (bytes.isReadable()) {
                int rest = scanner.restore(buffer);
                int length = Math.min(bytes.readableBytes(), BUFFER_BYTES);
                bytes.readBytes(buffer, rest, length);
                scanner.scan(buffer, rest + length, (time, publisher, number) -> {
                    counter.count(publisher, number);
                    counted++;
                    if (time >= from) {
                        nanos.recordValue(now - time);
                    }
                });
            }
            wrong += counter.faults() - before;
            if (counted > delivered) {
                lastArrival = now;
                faults = wrong;
                delivered = counted;
            }
        }
    }
}
