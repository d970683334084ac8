package dev.herald.log.local;

import java.util.List;

import dev.herald.event.Event;

/** Where an {@link Appender} has its events kept. Only the appender's thread calls it. */
@FunctionalInterface
public interface BatchStore {

    /**
     * Makes events durable, all or none.
     *
     * @param events at least one, in order; positions are higher than those of all events kept before
     * @throws RuntimeException fails the whole batch, of which nothing may have been kept
     */
    void keep(List<Event> events);

    /**
     * Takes one bounded step of whatever is to be done besides: retention, shrinking, recovery. Called now and then under
     * load and about once a second without.
     *
     * @return whether the next step should follow as soon as nobody waits
     */
    default boolean tidy() {
        return false;
    }
}
