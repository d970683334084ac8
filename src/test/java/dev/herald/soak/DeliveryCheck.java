package dev.herald.soak;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Check of what one subscriber received in a round against what it should have received: each once, in the log's order,
 * and nothing else. Where gaps are allowed, a hole must be reported at its place.
 */
final class DeliveryCheck {
    private final String subscriber;
    private final boolean gapsAllowed;
    private final Faults faults;

    DeliveryCheck(String subscriber, boolean gapsAllowed, Faults faults) {
        this.subscriber = subscriber;
        this.gapsAllowed = gapsAllowed;
        this.faults = faults;
    }

    /**
     * Reports each attempt that is missing, doubled, reordered or unexpected, and each gap that is not allowed.
     *
     * @param expected in the log's order
     * @param received as it came, with {@link Stored#GAP} where a gap was reported
     */
    void compare(List<Stored> expected, List<Stored> received) {
        Map<Long, Integer> places = new HashMap<>();
        for (int i = 0; i < expected.size(); i++) {
            places.put(expected.get(i).attempt(), i);
        }
        BitSet seen = new BitSet();
        BitSet excused = new BitSet();
        int next = 0;
        boolean gap = false;
        for (Stored event : received) {
            long attempt = event.attempt();
            if (attempt == Attempt.GAP) {
                gap = true;
                continue;
            }
            Integer place = places.get(attempt);
            if (place == null) {
                report("unexpected", attempt);
                continue;
            }
            if (seen.get(place)) {
                report("doubled", attempt);
            } else if (place < next) {
                report("reordered", attempt);
            }
            if (event.idHash() != expected.get(place).idHash()) {
                report("another id for", attempt);
            }
            excuse(excused, gap, next, place);
            gap = false;
            seen.set(place);
            next = Math.max(next, place + 1);
        }
        excuse(excused, gap, next, expected.size());
        reportMissing(expected, seen, excused);
        if (!gapsAllowed) {
            reportGaps(received);
        }
    }

    private void excuse(BitSet excused, boolean gap, int from, int to) {
        if (gap && gapsAllowed && to > from) {
            excused.set(from, to);
        }
    }

    private void reportMissing(List<Stored> expected, BitSet seen, BitSet excused) {
        for (int i = 0; i < expected.size(); i++) {
            if (!seen.get(i) && !excused.get(i)) {
                report("missing", expected.get(i).attempt());
            }
        }
    }

    private void reportGaps(List<Stored> received) {
        long before = Attempt.GAP;
        for (Stored event : received) {
            long attempt = event.attempt();
            if (attempt == Attempt.GAP) {
                faults.add(
                        "%s: a gap was reported, though nothing has expired, after %s",
                        subscriber, before == Attempt.GAP ? "the round's start" : Attempt.marker(before));
            }
            before = attempt;
        }
    }

    private void report(String what, long attempt) {
        faults.add("%s: %s %s", subscriber, what, Attempt.marker(attempt));
    }
}
