package dev.herald.log.local;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Update;

/**
 * Idempotency key that was stored with the events of its batch, and from which their ids can be made again. Its size
 * does not depend on the batch. Ids that the publisher gave are in the batch that it sends again, and all others are
 * derived from the seed.
 *
 * @param position of the first event
 * @param acceptedAt time of acceptance of the events
 * @param seed random bits; with them the ids of all events of the batch can be computed, private ones included
 */
public record StoredKey(IdempotencyKey key, long position, Instant acceptedAt, Fingerprint seed) {
    private static final long VERSION = 0x7000;
    private static final long VERSION_BITS = 0x0FFF;
    private static final long VARIANT = 1L << 63;
    private static final long VARIANT_BITS = -1L >>> 2;
    private static final int TIME_SHIFT = 16;

    /** Stands for the publisher of the key; see {@link IdempotencyKey#name}. */
    public long publisher() {
        return key.name().high();
    }

    /** Ids of the events of these updates, in order. */
    public List<EventId> ids(List<Update> updates) {
        Fingerprint.Builder random = new Fingerprint.Builder();
        List<EventId> ids = new ArrayList<>(updates.size());
        for (Update update : updates) {
            int index = ids.size();
            ids.add(update.id().orElseGet(() -> id(index, random)));
        }
        return ids;
    }

    /** A UUIDv7 (RFC 9562 §5.7), whose 74 random bits do not disclose how many events the batch has. */
    private EventId id(int index, Fingerprint.Builder random) {
        Fingerprint bits = random.add(seed.high()).add(seed.low()).add(index).build();
        return new EventId("urn:uuid:"
                + new UUID(
                        acceptedAt.toEpochMilli() << TIME_SHIFT | VERSION | bits.high() & VERSION_BITS,
                        VARIANT | bits.low() & VARIANT_BITS));
    }
}
