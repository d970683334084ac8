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
        ended.get(way).increment();
        bytes.add(written);
        LOG.debugf(
                "A stream ended. way=%s millis=%d bytes=%d",
                way, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedAt), written);
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
}
