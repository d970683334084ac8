package dev.herald.soak;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Check of one subscriber's deliveries in a round against the expected ones: each once, in the log's order, and nothing
 * else. Where gaps are allowed, a hole must be reported at its place. For one round, not thread-safe.
 */
final class DeliveryCheck {
    private final String subscriber;
    private final boolean gapsAllowed;
    private final Faults faults;
    private final List<Stored> expected;
    private final Map<Long, Integer> places = new HashMap<>();
    private final BitSet seen = new BitSet();
    private final BitSet excused = new BitSet();
    private int next;
    private boolean gap;

    /** @param expected in the log's order */
    DeliveryCheck(String subscriber, boolean gapsAllowed, List<Stored> expected, Faults faults) {
        this.subscriber = subscriber;
        this.gapsAllowed = gapsAllowed;
        this.expected = expected;
        this.faults = faults;
        for (int i = 0; i < expected.size(); i++) {
            places.put(expected.get(i).attempt(), i);
        }
    }

    /**
     * Reports each delivery that is missing, duplicate, reordered or unexpected, and each gap that is not allowed.
     *
     * @param received in order of arrival, with {@link Stored#GAP} where a gap was reported
     */
    void compare(List<Stored> received) {
        for (Stored event : received) {
            if (event.equals(Stored.GAP)) {
                foundGap();
            } else if (places.containsKey(event.attempt())) {
                found(event, places.get(event.attempt()));
            } else {
                report("unexpected", event.attempt());
            }
        }
        excuseUntil(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            if (!seen.get(i) && !excused.get(i)) {
                report("missing", expected.get(i).attempt());
            }
        }
    }

    private void foundGap() {
        gap = true;
        if (!gapsAllowed) {
            faults.add("%s: a gap, though nothing has expired, at place %d of %d", subscriber, next, expected.size());
        }
    }

    private void found(Stored event, int place) {
        if (seen.get(place)) {
            report("doubled", event.attempt());
        } else if (place < next) {
            report("reordered", event.attempt());
        }
        if (!event.equals(expected.get(place))) {
            report("another id for", event.attempt());
        }
        excuseUntil(place);
        seen.set(place);
        next = Math.max(next, place + 1);
    }

    /** Allows the hole before a place, if a gap was reported since the last delivery. */
    private void excuseUntil(int place) {
        if (gap && gapsAllowed && place > next) {
            excused.set(next, place);
        }
        gap = false;
    }

    private void report(String what, long attempt) {
        faults.add("%s: %s %s", subscriber, what, Attempt.marker(attempt));
    }
}
