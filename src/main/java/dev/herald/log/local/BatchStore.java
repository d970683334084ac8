package dev.herald.log.local;

import java.util.List;

import dev.herald.event.Event;

/** Port to the storage of an {@link Appender}. Called only on the appender's thread. */
@FunctionalInterface
public interface BatchStore {

    /**
     * Makes events durable, all or none.
     *
     * @param events at least one, in order, at positions above those of all stored events
     * @throws RuntimeException fails the whole batch, of which nothing may have been stored
     */
    void store(List<Event> events);

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
