package dev.herald.soak;

import java.util.ArrayList;
import java.util.List;

/** What publishers sent in a round, and how it was answered. Thread-safe. */
final class Ledger {
    /** The time of an answer that never came. */
    static final long NEVER = Long.MAX_VALUE;

    private List<Sent> sent = new ArrayList<>();
    private long acknowledged;
    private long uncertain;
    private long refused;

    /** The hub answered that the update is in the log. */
    synchronized void acknowledged(long attempt, String id, long sentAt, long answeredAt) {
        acknowledged++;
        sent.add(new Sent(attempt, id.hashCode(), sentAt, answeredAt, Outcome.ACKNOWLEDGED));
    }

    /** The answer was lost: the update is in the log, or is not. */
    synchronized void uncertain(long attempt, long sentAt) {
        uncertain++;
        sent.add(new Sent(attempt, 0, sentAt, NEVER, Outcome.UNCERTAIN));
    }

    /** The hub answered that the update is not in the log. */
    synchronized void refused(long attempt, long sentAt) {
        refused++;
        sent.add(new Sent(attempt, 0, sentAt, NEVER, Outcome.REFUSED));
    }

    /** What was sent since the last call. */
    synchronized List<Sent> take() {
        List<Sent> taken = sent;
        sent = new ArrayList<>();
        return taken;
    }

    /** Counts for the report. */
    synchronized String summary() {
        return "acknowledged=" + acknowledged + " uncertain=" + uncertain + " refused=" + refused;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** How an attempt ended. */
    enum Outcome {
        ACKNOWLEDGED,
        UNCERTAIN,
        REFUSED
    }

    /**
     * One attempt.
     *
     * @param idHash of the event's id, where there was an answer
     * @param sentAt in nanoseconds, before it was sent
     * @param answeredAt in nanoseconds, after the answer came
     */
    record Sent(long attempt, int idHash, long sentAt, long answeredAt, Outcome outcome) {}
}
