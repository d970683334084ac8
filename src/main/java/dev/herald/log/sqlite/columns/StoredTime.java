package dev.herald.log.sqlite.columns;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Encoding of times in the table: nanoseconds since 1970, which overflow in 2262. Stateless. */
public final class StoredTime {
    private StoredTime() {}

    /** Encodes a time. */
    public static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    /** Decodes a time. */
    public static Instant instant(long nanos) {
        return Instant.EPOCH.plusNanos(nanos);
    }
}
