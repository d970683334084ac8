package dev.herald.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Round of four events for tests of the checker: A to D, sent at 10 to 40 and acknowledged 5 later. B and C have the
 * same id.
 */
final class SmallRound {
    static final long A = Attempt.of(1, 10, 0);
    static final long B = Attempt.of(2, 7, 3);
    static final long C = Attempt.of(1, 11, 0);
    static final long D = Attempt.of(3, 1, 0);

    /** Time after all of it. */
    static final long LATER = 100;

    private static final String REPEATED = "again";

    private final Faults faults = new Faults(fault -> {});
    private final List<Stored> round = new ArrayList<>();
    private final RoundLog log;
    private Set<Long> unreadable = Set.of();

    /** @param retained number of events that the log retains */
    SmallRound(long retained) {
        Ledger ledger = new Ledger();
        acknowledged(ledger, A, "a", 10);
        acknowledged(ledger, B, REPEATED, 20);
        acknowledged(ledger, C, REPEATED, 30);
        acknowledged(ledger, D, "d", 40);
        log = new RoundLog(List.of(), round, ledger.take(), retained);
    }

    private void acknowledged(Ledger ledger, long attempt, String id, long sentAt) {
        ledger.acknowledged(attempt, id, sentAt, sentAt + 5);
        round.add(new Stored(attempt, id.hashCode()));
    }

    /** The subscriber may not read these. */
    SmallRound without(Long... attempts) {
        unreadable = Set.of(attempts);
        return this;
    }

    RoundLog log() {
        return log;
    }

    View view() {
        return new View(log, attempt -> !unreadable.contains(attempt), attempt -> !unreadable.contains(attempt));
    }

    /** Faults of a subscriber with these arrivals. */
    List<String> compare(Arrival... arrivals) {
        new DeliveryCheck("s", true, view(), new Tally(), faults).compare(List.of(arrivals));
        return faults.kept();
    }

    static Arrival event(long attempt, long at) {
        String id = attempt == A ? "a" : attempt == D ? "d" : REPEATED;
        return new Arrival.Event(attempt, id.hashCode(), at);
    }

    static Arrival event(long attempt) {
        return event(attempt, LATER);
    }

    static Arrival gap() {
        return new Arrival.Gap(LATER);
    }

    /** Start after the id of B and C. */
    static Arrival.Resumed resumed() {
        return new Arrival.Resumed(REPEATED.hashCode(), LATER, LATER);
    }

    static Arrival.Latest latest(int count) {
        return new Arrival.Latest(count, LATER, LATER);
    }

    static Arrival live() {
        return new Arrival.Live(LATER, LATER);
    }
}
