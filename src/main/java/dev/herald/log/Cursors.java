package dev.herald.log;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.EventId;

/**
 * Cursors of one log: positions as clients carry them (PROTOCOL E11), and back. A cursor names the generation that sealed
 * it, so it opens only where the log still has what stood before it. Thread-safe. Costs some microseconds.
 */
public final class Cursors {
    private final CursorSeal seal;
    private final TransientIds transientIds;
    private final Generations generations;
    private final RecentEvents recent;

    /** @param key {@value CursorSeal#KEY_BYTES} random bytes, made together with the log and kept as long as it */
    public Cursors(byte[] key, Generations generations, RecentEvents recent) {
        this.seal = new CursorSeal(key);
        this.transientIds = new TransientIds(key);
        this.generations = generations;
        this.recent = recent;
    }

    /** Cursors of a log that begins now and ends with the process. */
    public static Cursors ofNewLog(RecentEvents recent) {
        byte[] key = new byte[CursorSeal.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Cursors(key, Generations.ofNewLog(), recent);
    }

    /** A cursor of the position: {@code #} and 70 characters of base64url. */
    public String seal(long position) {
        long kept = Math.min(position, recent.newestKept());
        return seal.seal(new CursorSeal.Mark(generations.current().id(), position, kept));
    }

    /** Where to go on reading, if the cursor is of this log. The position may be gone by retention. */
    public OptionalLong open(String cursor) {
        return seal.open(cursor).map(generations::resume).orElseGet(OptionalLong::empty);
    }

    /**
     * An id for the transient event at the position, from which {@link #position} finds where to go on without it. Nothing
     * once the generation is too long for that.
     *
     * @param kept position of the last kept event before it
     */
    public Optional<EventId> transientId(long position, long kept, Instant acceptedAt) {
        Generation generation = generations.current();
        return transientIds.id(generation.id(), kept - generation.start(), position - kept, acceptedAt);
    }

    /** Where to go on reading after a transient event, if its id is of this log: at the last kept event before it. */
    public OptionalLong position(EventId id) {
        return transientIds.open(id).map(generations::resume).orElseGet(OptionalLong::empty);
    }
}
