package dev.herald.soak;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.herald.soak.Ledger.Outcome;
import dev.herald.soak.Ledger.Sent;

/**
 * Check of a round of the log against the attempts of the round. Each acknowledged attempt is in the log once, with the
 * id in its response. One with a lost response is there at most once, a rejected one never. An update acknowledged
 * before another was sent precedes it.
 */
final class OrderCheck {
    private final Faults faults;

    OrderCheck(Faults faults) {
        this.faults = faults;
    }

    /**
     * Reports each fault.
     *
     * @param log the events of the round in the log's order
     */
    void compare(List<Sent> sent, List<Stored> log) {
        Map<Long, Sent> outcomes = new HashMap<>();
        sent.forEach(one -> outcomes.put(one.attempt(), one));
        Set<Long> found = new HashSet<>();
        Sent sentLast = null;
        for (Stored event : log) {
            Sent one = outcomes.get(event.attempt());
            if (!found.add(event.attempt())) {
                report("is in the log twice", event.attempt());
            } else if (one == null) {
                report("is in the log of a round in which it was not sent", event.attempt());
            } else {
                check(one, event, sentLast);
                sentLast = sentLast == null || one.sentAt() > sentLast.sentAt() ? one : sentLast;
            }
        }
        for (Sent one : sent) {
            if (one.outcome() == Outcome.ACKNOWLEDGED && !found.contains(one.attempt())) {
                report("was acknowledged and is not in the log", one.attempt());
            }
        }
    }

    private void check(Sent one, Stored event, Sent sentLast) {
        if (one.outcome() == Outcome.REJECTED) {
            report("was rejected and is in the log", one.attempt());
        }
        if (one.outcome() == Outcome.ACKNOWLEDGED && one.idHash() != event.idHash()) {
            report("has another id in the log than was answered", one.attempt());
        }
        if (sentLast != null && sentLast.sentAt() > one.answeredAt()) {
            report(
                    "stands behind " + Attempt.marker(sentLast.attempt()) + " that was sent after its answer",
                    one.attempt());
        }
    }

    private void report(String what, long attempt) {
        faults.add("log: %s %s", Attempt.marker(attempt), what);
    }
}
