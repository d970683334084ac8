package dev.herald.logging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Rate limiter of warnings: one for each episode of a repeated failure. Failures less than {@value #QUIET_SECONDS} s
 * apart are one episode. Thread-safe.
 */
public final class WarningEpisodes {
    public static final long QUIET_SECONDS = 60;

    private final LongSupplier nanoTime;

    /** Time of the newest failure, in nanoseconds. */
    private final AtomicLong newest;

    /** @param nanoTime as {@link System#nanoTime()} */
    public WarningEpisodes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.newest = new AtomicLong(nanoTime.getAsLong() - TimeUnit.SECONDS.toNanos(QUIET_SECONDS));
    }

    /** Records a failure. Returns whether it begins an episode and must be reported. */
    public boolean begins() {
        long now = nanoTime.getAsLong();
        return now - newest.getAndSet(now) >= TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    }
}
