package dev.herald.soak;

import java.util.OptionalLong;

/**
 * Check of the reconnection times that one subscriber receives. The hub's is in the first block (PROTOCOL Q8) and at
 * the end of a stream (PROTOCOL E8). The publisher's is in each of its events that has one (PROTOCOL E2). There is none
 * elsewhere. Thread-safe.
 */
final class RetryCheck {
    /** The hub's setting, in milliseconds. */
    static final long CONFIGURED = 100;

    private final String subscriber;
    private final Tally tally;
    private final Faults faults;

    RetryCheck(String subscriber, Tally tally, Faults faults) {
        this.subscriber = subscriber;
        this.tally = tally;
        this.faults = faults;
    }

    /** @param retry in the block of an update, in milliseconds */
    void receive(long attempt, Plan plan, OptionalLong retry) {
        if (!retry.equals(plan.retry())) {
            faults.add(
                    "%s: %s has %s instead of %s as retry", subscriber, Attempt.marker(attempt), retry, plan.retry());
        }
        tally.count(Tally.Seen.RETRY, plan.retry().isPresent() ? 1 : 0);
    }

    /** @param retry in the first block of a stream, in milliseconds */
    void receiveFirst(OptionalLong retry) {
        if (!retry.equals(OptionalLong.of(CONFIGURED))) {
            faults.add("%s: a stream begins with %s as retry", subscriber, retry);
        }
        tally.count(Tally.Seen.FIRST_RETRY);
    }

    /** @param retry in the block of a signal or of an update about a subscription, in milliseconds */
    void receiveSignal(OptionalLong retry) {
        if (retry.isPresent()) {
            faults.add("%s: a retry that nobody sent: %s", subscriber, retry);
        }
    }

    /** @param retry behind the last block of a stream that the hub has ended, in milliseconds */
    void receiveLast(OptionalLong retry) {
        if (retry.isEmpty() || retry.getAsLong() < CONFIGURED || retry.getAsLong() > 2 * CONFIGURED) {
            faults.add("%s: a stream ends with %s as retry", subscriber, retry);
        }
        tally.count(Tally.Seen.LAST_RETRY);
    }
}
