package dev.herald.log;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.EventId;

/**
 * Codec of one log's cursors: positions as clients carry them (PROTOCOL E11). A cursor names the generation that sealed
 * it, so it opens only where the log still has the event before it. Thread-safe. Costs some microseconds.
 */
public final class Cursors {
    private final CursorSeal seal;
    private final TransientIds transientIds;
    private final Generations generations;
    private final RecentEvents recent;

    /** @param key {@value CursorSeal#KEY_BYTES} random bytes, created and kept with the log */
    public Cursors(byte[] key, Generations generations, RecentEvents recent) {
        this.seal = new CursorSeal(key);
        this.transientIds = new TransientIds(key);
        this.generations = generations;
        this.recent = recent;
    }

    /** Cursors of a new log that ends with the process. */
    public static Cursors ofNewLog(RecentEvents recent) {
        byte[] key = new byte[CursorSeal.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Cursors(key, Generations.ofNewLog(), recent);
    }

    /** Cursor of a position: {@code #} and 70 characters of base64url. */
    public String seal(long position) {
        long kept = Math.min(position, recent.newestKept());
        return seal.seal(new CursorSeal.Mark(generations.current().id(), position, kept));
    }

    /** Position at which to resume, if the cursor is of this log. Retention may have removed it. */
    public OptionalLong open(String cursor) {
        return seal.open(cursor).map(generations::resume).orElseGet(OptionalLong::empty);
    }

    /**
     * Id for the transient event at a position, from which {@link #position} finds where to resume without it. Empty if
     * the generation is too long for that.
     *
     * @param kept position of the last kept event before it
     */
    public Optional<EventId> transientId(long position, long kept, Instant acceptedAt) {
        Generation generation = generations.current();
        return transientIds.id(generation.id(), kept - generation.start(), position - kept, acceptedAt);
    }

    /** Position at which to resume after a transient event, if its id is of this log: the last kept event before it. */
    public OptionalLong position(EventId id) {
        return transientIds.open(id).map(generations::resume).orElseGet(OptionalLong::empty);
    }
}
