package dev.herald.log.local;

import java.util.Optional;

/** Work on the thread of an {@link Appender}, in short steps, between which it stores updates. */
@FunctionalInterface
public interface LogTask<T> {

    /**
     * Runs the next step.
     *
     * @return the result, or empty if another step must follow
     * @throws dev.herald.log.EventLogException ends the task
     */
    Optional<T> step();
}
