package dev.herald.log;

import java.time.Duration;

/**
 * The log keeps as many idempotency keys as it may, of all publishers or of this one. Nothing was stored; a retry helps
 * once keys have expired.
 */
public final class KeysFullException extends EventLogException {
    private static final long serialVersionUID = 1L;

    private final Duration untilNextExpiry;

    /** @param untilNextExpiry time until the oldest key expires, 0 or more */
    public KeysFullException(Duration untilNextExpiry) {
        super("The log keeps as many idempotency keys as it may.");
        this.untilNextExpiry = untilNextExpiry;
    }

    /** Time until the oldest key expires, in seconds, rounded up: 1 or more. */
    public long retryAfterSeconds() {
        return Math.max(1, untilNextExpiry.plusNanos(999_999_999).toSeconds());
    }
}
