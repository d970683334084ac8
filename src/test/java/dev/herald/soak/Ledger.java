package dev.herald.soak;

import java.util.ArrayList;
import java.util.List;

/** Publishers' attempts of a round with their outcomes. Thread-safe. */
final class Ledger {
    /** Time of a missing response. */
    static final long NEVER = Long.MAX_VALUE;

    private List<Sent> sent = new ArrayList<>();
    private long acknowledged;
    private long uncertain;
    private long rejected;

    /** The hub acknowledged that the update is in the log. */
    synchronized void acknowledged(long attempt, String id, long sentAt, long answeredAt) {
        acknowledged++;
        sent.add(new Sent(attempt, id.hashCode(), sentAt, answeredAt, Outcome.ACKNOWLEDGED));
    }

    /** The response was lost: the update may be in the log. */
    synchronized void uncertain(long attempt, long sentAt) {
        uncertain++;
        sent.add(new Sent(attempt, 0, sentAt, NEVER, Outcome.UNCERTAIN));
    }

    /** The hub rejected the update, which is not in the log. */
    synchronized void rejected(long attempt, long sentAt) {
        rejected++;
        sent.add(new Sent(attempt, 0, sentAt, NEVER, Outcome.REJECTED));
    }

    /** Attempts since the last call. */
    synchronized List<Sent> take() {
        List<Sent> taken = sent;
        sent = new ArrayList<>();
        return taken;
    }

    /** Counts for the report. */
    synchronized String summary() {
        return "acknowledged=" + acknowledged + " uncertain=" + uncertain + " rejected=" + rejected;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** Outcome of an attempt. */
    enum Outcome {
        ACKNOWLEDGED,
        UNCERTAIN,
        REJECTED
    }

    /**
     * One attempt.
     *
     * @param idHash hash of the event's id, if there was a response
     * @param sentAt time before sending, in nanoseconds
     * @param answeredAt time after the response, in nanoseconds
     */
    record Sent(long attempt, int idHash, long sentAt, long answeredAt, Outcome outcome) {}
}
