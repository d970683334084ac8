package dev.herald.log;

/**
 * Listener for the way of one batch of updates, or of a single one, through the log. Called on the log's thread, which it must not block. It must not
 * throw.
 */
public interface AppendListener {
    /** No listener. */
    AppendListener NONE = new AppendListener() {
        @Override
        public void taken() {
            // Nothing is recorded.
        }

        @Override
        public void stored(long position) {
            // Nothing is recorded.
        }
    };

    /** The batch has left the queue: the transaction that it belongs to is being stored. */
    void taken();

    /**
     * The batch is as durable as configured. Called before any reader can find its events in the recent events.
     *
     * @param position of its last event
     */
    void stored(long position);
}
