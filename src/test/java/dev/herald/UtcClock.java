package dev.herald;

import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Clock of a test in UTC, which only says what its instants are. */
public abstract class UtcClock extends Clock {
    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
