package dev.herald.log.local;

import com.github.f4b6a3.uuid.UuidCreator;

import dev.herald.event.EventId;

/** Source of the ids of events whose publisher gave none. Thread-safe. */
public final class TimeOrderedIds {
    private TimeOrderedIds() {}

    /** A UUIDv7 higher than all before from this process (RFC 9562 §6.2), with 48 new random bits. */
    public static EventId next() {
        return new EventId("urn:uuid:" + UuidCreator.getTimeOrderedEpoch());
    }
}
