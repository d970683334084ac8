package dev.herald.tracing;

import dev.herald.event.UpdateBatch;

/**
 * Trace of the updates of one sampled request, from the queue of the log to the sockets of its subscribers. The calls come in the order
 * of the methods, on the threads that they name, and must not block. A failure of one is ignored ({@link Faults}).
 */
public interface UpdateTrace {
    /** Not sampled: records nothing. Compared by identity, so that nothing is created for such an update. */
    UpdateTrace NONE = new UpdateTrace() {
        @Override
        public void enqueued(UpdateBatch batch) {
            // Nothing is recorded.
        }

        @Override
        public void taken() {
            // Nothing is recorded.
        }

        @Override
        public void stored() {
            // Nothing is recorded.
        }

        @Override
        public void failed() {
            // Nothing is recorded.
        }

        @Override
        public void repeated() {
            // Nothing is recorded.
        }

        @Override
        public void delivered(int loops, long streams) {
            // Nothing is recorded.
        }
    };

    /** The updates wait for the log. On the event loop of its request. */
    void enqueued(UpdateBatch batch);

    /** They are being stored. On the log's thread. */
    void taken();

    /** They are stored, and delivery begins. On the log's thread. {@link #delivered} need not follow. */
    void stored();

    /** They were not stored; no call follows. On any thread. */
    void failed();

    /** They were stored earlier with the same idempotency key; no call follows. On any thread. */
    void repeated();

    /**
     * The last event loop has written them to its sockets. On the thread of that event loop.
     *
     * @param loops number of event loops that had streams
     * @param streams number of streams that got the last update live; those that were behind read it from the log later
     */
    void delivered(int loops, long streams);
}
