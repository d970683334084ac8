package dev.herald.log.local;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.herald.event.Event;
import dev.herald.event.Fingerprint;

/** Port to the storage of an {@link Appender}. Called only on the appender's thread. */
@FunctionalInterface
public interface BatchStore {

    /**
     * Makes events and idempotency keys durable, all or none.
     *
     * @param events at least one, in order, at positions above those of all stored events
     * @param keys keys of some of the events, at their positions; none of them is stored
     * @throws RuntimeException fails the whole batch, of which nothing may have been stored
     */
    void store(List<Event> events, List<StoredKey> keys);

    /** Position of the newest event that is stored, if events of another log are copied here; otherwise 0. */
    default long head() {
        return 0;
    }

    /**
     * Finds a stored key that has not expired.
     *
     * @param name of the key
     * @throws RuntimeException if it cannot be read
     */
    default Optional<StoredKey> findKey(Fingerprint name) {
        return Optional.empty();
    }

    /**
     * Whether a key can be stored in the next transaction.
     *
     * @param name of the key, which is not stored
     * @param others keys that the transaction has already
     * @param ofPublisher those of them with the same publisher
     */
    default boolean hasRoomForKey(Fingerprint name, int others, int ofPublisher) {
        return true;
    }

    /** Time until the oldest key expires and makes room for another; 0 without one. */
    default Duration untilRoomForKeys() {
        return Duration.ZERO;
    }

    /**
     * Runs one bounded step of maintenance: retention, shrinking, recovery. Called regularly under load, and about once
     * a second without.
     *
     * @return whether the next step should follow once no update waits
     */
    default boolean maintain() {
        return false;
    }
}
