package dev.herald.limit;

/** Meter of the body of one publishing request, against the client's quotas. Belongs to the request's event loop. */
public interface BodyMeter {
    /** Meter without a quota. */
    BodyMeter FREE = new BodyMeter() {
        @Override
        public void bytes(int count) {
            // Unlimited.
        }

        @Override
        public void updates(int more) {
            // Unlimited.
        }
    };

    /**
     * Charges bytes that have arrived.
     *
     * @throws QuotaExceededException if a quota is used up
     */
    void bytes(int count);

    /**
     * Counts updates besides the first, which was charged with the request.
     *
     * @throws BatchTooLargeException if no quota admits so many in one request
     */
    void updates(int more);

    /**
     * Charges the counted updates. Called once, when all are known.
     *
     * @throws QuotaExceededException if a quota is used up; then none of these updates is charged
     */
    default void settle() {}

    /** Called once, when the body is complete or rejected. A failure is only logged. */
    default void end() {}
}
