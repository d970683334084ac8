package dev.herald;

import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Test clock in UTC whose subclasses define only its instants. */
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
