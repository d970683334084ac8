package dev.herald.web;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

/** How many streams went which way to the socket, and what became of them: Quarkus sees but short requests. Thread-safe. */
@ApplicationScoped
class StreamCounts {
    private static final Logger LOG = Logger.getLogger(StreamCounts.class);

    private final Map<Way, LongAdder> opened = new EnumMap<>(Way.class);
    private final Map<Way, LongAdder> ended = new EnumMap<>(Way.class);
    private final LongAdder bytes = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** How the bytes of a stream leave. */
    enum Way {
        /** Below HTTP/1.1: {@link ChunkedOutlet}. */
        CHUNKED,
        /** Through Vert.x: {@link SseOutlet}. */
        PLAIN
    }

    StreamCounts() {
        for (Way way : Way.values()) {
            opened.put(way, new LongAdder());
            ended.put(way, new LongAdder());
        }
    }

    void opened(Way way) {
        opened.get(way).increment();
    }

    /**
     * @param openedAt by {@link System#nanoTime()}
     * @param written what was written to the stream, in bytes
     */
    void ended(Way way, long openedAt, long written) {
        long lasted = System.nanoTime() - openedAt;
        nanos.add(lasted);
        bytes.add(written);
        ended.get(way).increment();
        LOG.debugf("A stream ended. way=%s millis=%d bytes=%d", way, TimeUnit.NANOSECONDS.toMillis(lasted), written);
    }

    /** Those that have ended since the start. */
    Ended ended() {
        long count = ended.values().stream().mapToLong(LongAdder::sum).sum();
        return new Ended(count, nanos.sum());
    }

    /** How many went this way since the start. */
    long total(Way way) {
        return opened.get(way).sum();
    }

    /** How many go this way now. */
    long open(Way way) {
        return opened.get(way).sum() - ended.get(way).sum();
    }

    /** What was written to the streams that have ended, in bytes. */
    long bytes() {
        return bytes.sum();
    }

    /**
     * Streams that have ended.
     *
     * @param nanos how long all of them together were open
     */
    record Ended(long count, long nanos) {
        /** Those that ended after that. */
        Ended since(Ended earlier) {
            return new Ended(count - earlier.count, nanos - earlier.nanos);
        }

        /** How long one was open, on average, in seconds; 0 if none has ended. */
        double meanSeconds() {
            return count == 0 ? 0 : nanos / 1e9 / count;
        }
    }
}
