package dev.herald;

import java.time.Duration;
import java.time.Instant;

/** Clock that changes only when a test advances it. */
public final class MovingClock extends UtcClock {
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
