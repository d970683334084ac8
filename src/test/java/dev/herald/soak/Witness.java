package dev.herald.soak;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Order of the log as received by a subscriber to everything that misses nothing. */
final class Witness {
    private Witness() {}

    /**
     * The events in their order. Those that came again since the stream resumed after a repeated id are left out, up to
     * the first new one.
     */
    static List<Stored> log(List<Arrival> arrivals) {
        List<Stored> log = new ArrayList<>();
        Set<Long> known = new HashSet<>();
        boolean again = false;
        for (Arrival arrival : arrivals) {
            if (arrival instanceof Arrival.Resumed) {
                again = true;
            } else if (arrival instanceof Arrival.Event event && !(again && known.contains(event.attempt()))) {
                again = false;
                known.add(event.attempt());
                log.add(new Stored(event.attempt(), event.idHash()));
            }
        }
        return log;
    }
}
