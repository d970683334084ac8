package dev.herald.limit;

import java.time.Duration;

/** Rejection of a publishing request beyond a rate limit. Nothing was published. */
public final class QuotaExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ofBytes;
    private final boolean byAddress;
    private final long retryAfterSeconds;

    QuotaExceededException(RatePolicy policy, Duration wait) {
        this(policy, Math.max(1, wait.plus(Duration.ofSeconds(1).minusNanos(1)).toSeconds()));
    }

    private QuotaExceededException(RatePolicy policy, long retryAfterSeconds) {
        super(policy.sentence() + " Retry after " + retryAfterSeconds + " s.", null, false, false);
        this.ofBytes = policy.unit() == RatePolicy.Unit.BYTES;
        this.byAddress = policy.kind() == RatePolicy.Kind.ADDRESS;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Whether the limit is one of bytes, not of updates. */
    public boolean ofBytes() {
        return ofBytes;
    }

    /** Whether the limit is one of the address, not of the subject. */
    public boolean byAddress() {
        return byAddress;
    }

    /** Time until the same request is within the limits, if the client publishes nothing else; 1 or more. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
