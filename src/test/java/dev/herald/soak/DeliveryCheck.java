package dev.herald.soak;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * Check of one subscriber's deliveries in a round against its view of the log: each event once, in the log's order,
 * and nothing else. Where gaps are allowed, missing events must be covered by a reported gap, and none of them may still
 * be retained. A stream that resumes at an earlier position repeats all events from there. For one round, not
 * thread-safe.
 */
final class DeliveryCheck {
    private final String subscriber;
    private final boolean gapsAllowed;
    private final View view;
    private final Tally tally;
    private final Faults faults;
    private final BitSet seen = new BitSet();
    private final BitSet excused = new BitSet();

    /** Expected place. */
    private int next;

    /** Lowest index in the log that the stream continues after. */
    private int after;

    /** Possible places of the next event, instead of the expected one. */
    private View.Start start;

    private boolean repeats;
    private boolean gap;

    DeliveryCheck(String subscriber, boolean gapsAllowed, View view, Tally tally, Faults faults) {
        this.subscriber = subscriber;
        this.gapsAllowed = gapsAllowed;
        this.view = view;
        this.tally = tally;
        this.faults = faults;
        next = view.begin();
        after = view.index(next - 1);
        seen.set(0, next);
    }

    /** Reports each delivery that is missing, duplicate, reordered or unexpected, and each gap that is not allowed. */
    void compare(List<Arrival> arrivals) {
        for (Arrival arrival : arrivals) {
            if (arrival instanceof Arrival.Event event) {
                delivered(event);
            } else if (arrival instanceof Arrival.Gap reported) {
                foundGap(reported);
            } else if (arrival instanceof Arrival.Resumed resumed) {
                startsAt(view.after(resumed), true);
            } else if (arrival instanceof Arrival.Latest latest) {
                startsAt(view.latest(latest), false);
            } else if (arrival instanceof Arrival.Live live) {
                endOfReplay(live);
            }
        }
        for (int i = 0; i < view.size(); i++) {
            if (!seen.get(i) && !excused.get(i)) {
                report("missing", view.get(i).attempt());
            }
        }
    }

    private void startsAt(View.Start start, boolean repeats) {
        this.start = start;
        this.repeats = repeats;
        after = start.after();
        gap = false;
    }

    private void foundGap(Arrival.Gap reported) {
        gap = true;
        tally.count(Tally.Seen.GAP);
        if (!gapsAllowed) {
            faults.add("%s: a gap, though nothing has expired, at place %d of %d", subscriber, next, view.size());
        } else if (after >= 0 && !view.mayBeGone(after, reported.at())) {
            faults.add("%s: a gap, though its position was retained, at place %d of %d", subscriber, next, view.size());
        }
    }

    private void delivered(Arrival.Event event) {
        OptionalInt found = view.place(event.attempt());
        if (found.isEmpty()) {
            report("unexpected", event.attempt());
            return;
        }
        int place = found.getAsInt();
        if (start != null) {
            begin(event, place);
        } else if (seen.get(place)) {
            report("doubled", event.attempt());
        } else if (place < next) {
            report("reordered", event.attempt());
        }
        if (event.idHash() != view.get(place).idHash()) {
            report("another id for", event.attempt());
        }
        excuseUntil(place, event.at());
        seen.set(place);
        next = Math.max(next, place + 1);
        after = view.index(place);
    }

    /** Moves to the first event of a stream that does not continue where the subscriber was. */
    private void begin(Arrival.Event event, int place) {
        int last = gap ? Math.max(start.high(), view.horizon(event.at())) : start.high();
        if (place < start.low() || place > last) {
            faults.add(
                    "%s: a stream starts with %s at place %d instead of %d to %d",
                    subscriber, Attempt.marker(event.attempt()), place, start.low(), last);
        }
        tally.count(repeats ? Tally.Seen.RESUMED : Tally.Seen.LATEST);
        if (place <= next) {
            tally.count(Tally.Seen.AGAIN, repeats ? next - place : 0);
            seen.clear(place, view.size());
            excused.clear(place, view.size());
            next = place;
        } else if (!repeats || start.behindId().get(place)) {
            excused.set(next, place);
            next = place;
        }
        start = null;
    }

    /**
     * Allows missing events before a place if a gap was reported since the last delivery. Those that the log still
     * retained when the next event arrived are reported as missing.
     */
    private void excuseUntil(int place, long time) {
        int gone = Math.min(place, view.horizon(time));
        if (gap && gapsAllowed && gone > next) {
            excused.set(next, gone);
            tally.count(Tally.Seen.LOST, gone - next);
        }
        gap = false;
    }

    /** All events that the log had when the stream was requested precede its live event, or have expired. */
    private void endOfReplay(Arrival.Live live) {
        tally.count(Tally.Seen.LIVE);
        int reached = start == null ? next : start.high();
        int due = view.dueUntil(live.requestedAt());
        if (Math.max(reached, gap ? view.horizon(live.at()) : 0) < due) {
            faults.add("%s: live at place %d, before the end of its replay at %d", subscriber, reached, due);
        }
    }

    private void report(String what, long attempt) {
        faults.add("%s: %s %s", subscriber, what, Attempt.marker(attempt));
    }
}
