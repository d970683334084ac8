package dev.herald.bench;

import io.netty.buffer.ByteBuf;
import org.HdrHistogram.Histogram;

/**
 * Subscribers of one load generator, as their event loop sees them: counts what each of them receives, and measures how
 * late it is. Belongs to that loop, but for what it tells.
 */
final class Audience {
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
    /** Written last: who has read it may read the rest. */
    private volatile long delivered;

    Audience(int publishers) {
        this.publishers = publishers;
    }

    Listener listener() {
        return new Listener(publishers);
    }

    /** Messages that were to be published from then on are measured. */
    void measureFrom(long time) {
        measuredFrom = time;
    }

    long delivered() {
        return delivered;
    }

    long faults() {
        return faults;
    }

    /** When the last message came. */
    long lastArrival() {
        return lastArrival;
    }

    /** How many were measured. To be asked when nothing comes any more, as the next. */
    long measured() {
        return nanos.getTotalCount();
    }

    /** How late so many in a hundred were at most, in milliseconds. */
    double percentile(double percent) {
        return nanos.getValueAtPercentile(percent) / 1e6;
    }

    /** One of them. */
    final class Listener {
        private final StreamScanner scanner = new StreamScanner();
        private final Tally tally;

        private Listener(int publishers) {
            tally = new Tally(publishers);
        }

        /** Takes what came; the buffer stays the caller's. */
        void receive(ByteBuf bytes) {
            long now = System.nanoTime();
            long from = measuredFrom;
            long before = tally.faults();
            while (bytes.isReadable()) {
                int rest = scanner.restore(buffer);
                int length = Math.min(bytes.readableBytes(), BUFFER_BYTES);
                bytes.readBytes(buffer, rest, length);
                scanner.scan(buffer, rest + length, (time, publisher, number) -> {
                    tally.count(publisher, number);
                    counted++;
                    if (time >= from) {
                        nanos.recordValue(now - time);
                    }
                });
            }
            wrong += tally.faults() - before;
            if (counted > delivered) {
                lastArrival = now;
                faults = wrong;
                delivered = counted;
            }
        }
    }
}
