package dev.herald.stream;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

/** How many streams went which way to the socket, and what became of them: Quarkus sees but short requests. Thread-safe. */
@ApplicationScoped
public class StreamStats {
    private static final Logger LOG = Logger.getLogger(StreamStats.class);

    private final Map<Way, LongAdder> opened = new EnumMap<>(Way.class);
    private final Map<Way, LongAdder> ended = new EnumMap<>(Way.class);
    private final LongAdder bytes = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** How the bytes of a stream leave. */
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
     * @param openedAt by {@link System#nanoTime()}
     * @param written what was written to the stream, in bytes
     */
    public void ended(Way way, long openedAt, long written) {
        long lasted = System.nanoTime() - openedAt;
        nanos.add(lasted);
        bytes.add(written);
        ended.get(way).increment();
        LOG.debugf("A stream ended. way=%s millis=%d bytes=%d", way, TimeUnit.NANOSECONDS.toMillis(lasted), written);
    }

    /** Those that have ended since the start. */
    public Ended ended() {
        long count = ended.values().stream().mapToLong(LongAdder::sum).sum();
        return new Ended(count, nanos.sum());
    }

    /** How many went this way since the start. */
    public long total(Way way) {
        return opened.get(way).sum();
    }

    /** How many go this way now. */
    public long open(Way way) {
        return opened.get(way).sum() - ended.get(way).sum();
    }

    /** What was written to the streams that have ended, in bytes. */
    public long bytes() {
        return bytes.sum();
    }

    /**
     * Streams that have ended.
     *
     * @param nanos how long all of them together were open
     */
    public record Ended(long count, long nanos) {
        /** Those that ended after that. */
        public Ended since(Ended earlier) {
            return new Ended(count - earlier.count, nanos - earlier.nanos);
        }

        /** How long one was open, on average, in seconds; 0 if none has ended. */
        public double meanSeconds() {
            return count == 0 ? 0 : nanos / 1e9 / count;
        }
    }
}
