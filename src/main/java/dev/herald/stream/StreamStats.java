package dev.herald.stream;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

/** Counters of streams by outlet, with their bytes and duration, which Quarkus' request metrics miss. Thread-safe. */
@ApplicationScoped
public class StreamStats {
    private static final Logger LOG = Logger.getLogger(StreamStats.class);

    private final Map<Way, LongAdder> opened = new EnumMap<>(Way.class);
    private final Map<Way, LongAdder> ended = new EnumMap<>(Way.class);
    private final LongAdder bytes = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** The outlet of a stream. */
    public enum Way {
        /** Below HTTP/1.1: {@link RawHttp1Outlet}. */
        CHUNKED,
        /** Through Vert.x: {@link ResponseOutlet}. */
        PLAIN
    }

    public StreamStats() {
        for (Way way : Way.values()) {
            opened.put(way, new LongAdder());
            ended.put(way, new LongAdder());
        }
    }

    public void opened(Way way) {
        opened.get(way).increment();
    }

    /**
     * @param openedAt {@link System#nanoTime()} at the start
     * @param written bytes written to the stream
     */
    public void ended(Way way, long openedAt, long written) {
        long lasted = System.nanoTime() - openedAt;
        nanos.add(lasted);
        bytes.add(written);
        ended.get(way).increment();
        LOG.debugf("A stream ended. way=%s millis=%d bytes=%d", way, TimeUnit.NANOSECONDS.toMillis(lasted), written);
    }

    /** Streams that have ended since the start. */
    public Ended ended() {
        long count = ended.values().stream().mapToLong(LongAdder::sum).sum();
        return new Ended(count, nanos.sum());
    }

    /** Streams opened this way since the start. */
    public long total(Way way) {
        return opened.get(way).sum();
    }

    /** Streams open this way now. */
    public long open(Way way) {
        return opened.get(way).sum() - ended.get(way).sum();
    }

    /** Bytes written to the streams that have ended. */
    public long bytes() {
        return bytes.sum();
    }

    /**
     * Totals of streams that have ended.
     *
     * @param nanos sum of their durations
     */
    public record Ended(long count, long nanos) {
        /** Streams that ended after {@code earlier}. */
        public Ended since(Ended earlier) {
            return new Ended(count - earlier.count, nanos - earlier.nanos);
        }

        /** Mean duration, in seconds; 0 if none has ended. */
        public double meanSeconds() {
            return count == 0 ? 0 : nanos / 1e9 / count;
        }
    }
}
