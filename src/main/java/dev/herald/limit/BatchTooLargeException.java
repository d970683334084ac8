package dev.herald.limit;

/** Rejection of a request with more updates than its client may ever publish at once. Nothing was published. */
public final class BatchTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BatchTooLargeException(RatePolicy policy) {
        super(policy.sentence() + " Send at most " + policy.capacity() + " updates in a request.", null, false, false);
    }
}
