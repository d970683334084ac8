package dev.herald.logging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Filter that lets one report of a repeated failure pass for each episode: failures less than {@value #QUIET_SECONDS} s apart
 * are one. Thread-safe.
 */
public final class WarningInterval {
    public static final long QUIET_SECONDS = 60;

    private final LongSupplier nanoTime;

    /** The newest failure, in nanoseconds. */
    private final AtomicLong newest;

    /** @param nanoTime as {@link System#nanoTime()} */
    public WarningInterval(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.newest = new AtomicLong(nanoTime.getAsLong() - TimeUnit.SECONDS.toNanos(QUIET_SECONDS));
    }

    /** A failure has happened. Returns whether it is the first of an episode, which is to be reported. */
    public boolean begins() {
        long now = nanoTime.getAsLong();
        return now - newest.getAndSet(now) >= TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    }
}
