package dev.herald.auth;

import org.jboss.logging.Logger;

import dev.herald.logging.MinuteLog;
import dev.herald.stats.TokenRejection;

/**
 * Log of rejected tokens: one INFO line a minute at most for each reason. Knows nothing of the tokens themselves.
 * Thread-safe.
 */
final class TokenRejectionLog {
    private static final Logger LOG = Logger.getLogger(TokenRejectionLog.class);

    private final MinuteLog<Kind> log = new MinuteLog<>(TokenRejectionLog::report);
    private volatile boolean selfCheck;

    /** @param selfCheck whether the hub sent it to itself: apart, so that it does not delay the first line about a client */
    private record Kind(TokenRejection reason, boolean selfCheck) {}

    /** Whether the hub sends tokens to itself: their line is DEBUG. */
    void selfCheck(boolean runs) {
        selfCheck = runs;
    }

    boolean selfChecking() {
        return selfCheck;
    }

    void record(TokenRejection reason) {
        log.record(new Kind(reason, selfCheck));
    }

    private static void report(Kind kind, long count, boolean first) {
        LOG.logf(
                kind.selfCheck() ? Logger.Level.DEBUG : Logger.Level.INFO,
                "Tokens were rejected. reason=%s count=%d",
                kind.reason().label(),
                count);
    }
}
