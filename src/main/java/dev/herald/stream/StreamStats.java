package dev.herald.stream;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

/** Counters of streams by outlet, with their bytes and duration, which Quarkus' request metrics miss. Thread-safe. */
@ApplicationScoped
public class StreamStats {
    /** Texts of ETIMEDOUT, EHOSTUNREACH, ENETUNREACH and EHOSTDOWN. */
    private static final List<String> UNREACHABLE =
            List.of("timed out", "No route to host", "Network is unreachable", "Host is down");

    private static final Logger LOG = Logger.getLogger(StreamStats.class);

    private final Map<OutletKind, LongAdder> opened = new EnumMap<>(OutletKind.class);
    private final Map<OutletKind, LongAdder> ended = new EnumMap<>(OutletKind.class);
    private final LongAdder bytes = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** Kind of outlet of a stream. */
    public enum OutletKind {
        /** Below HTTP/1.1: {@link RawHttp1Outlet}. */
        RAW_HTTP1,
        /** Through Vert.x: {@link ResponseOutlet}. */
        RESPONSE
    }

    public StreamStats() {
        for (OutletKind kind : OutletKind.values()) {
            opened.put(kind, new LongAdder());
            ended.put(kind, new LongAdder());
        }
    }

    public void opened(OutletKind kind) {
        opened.get(kind).increment();
    }

    /**
     * @param openedAt {@link System#nanoTime()} at the start
     * @param written bytes written to the stream
     */
    public void ended(OutletKind kind, long openedAt, long written) {
        long duration = System.nanoTime() - openedAt;
        nanos.add(duration);
        bytes.add(written);
        ended.get(kind).increment();
        LOG.debugf(
                "A stream ended. outlet=%s millis=%d bytes=%d", kind, TimeUnit.NANOSECONDS.toMillis(duration), written);
    }

    /**
     * Whether the kernel ended a connection since the client acknowledged nothing (decision 121). If the network reported
     * meanwhile that it does not reach the client, the kernel gives that as the reason.
     */
    static boolean isTimeout(Throwable cause) {
        return cause instanceof IOException
                && UNREACHABLE.stream().anyMatch(String.valueOf(cause.getMessage())::endsWith);
    }

    /** Streams that have ended since the start. */
    public Ended ended() {
        long count = ended.values().stream().mapToLong(LongAdder::sum).sum();
        return new Ended(count, nanos.sum());
    }

    /** Streams opened with this kind of outlet since the start. */
    public long total(OutletKind kind) {
        return opened.get(kind).sum();
    }

    /** Streams open with this kind of outlet now. */
    public long open(OutletKind kind) {
        return opened.get(kind).sum() - ended.get(kind).sum();
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
