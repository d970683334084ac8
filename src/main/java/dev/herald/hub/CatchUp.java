package dev.herald.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Frame;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.Page;
import dev.herald.log.RecentEvents;

/**
 * Brings the subscribers of one lane that are behind up to where the lane is: replay after {@code Last-Event-ID}, a reader
 * that is too slow, and the first moment of a new stream alike. Belongs to the lane's thread.
 *
 * <p>Pages of old events are read elsewhere and come back to the loop. The last step reads the recent events up to the
 * lane's own position and turns live in the same turn of the loop: no gap, no double, and it ends even under steady
 * publishing.
 */
final class CatchUp {
    private static final Logger LOG = Logger.getLogger(CatchUp.class);

    private final Lane lane;
    private final RecentEvents recent;
    private final PageReader pages;
    private final Signals signals;

    CatchUp(Lane lane, RecentEvents recent, PageReader pages, Signals signals) {
        this.lane = lane;
        this.recent = recent;
        this.pages = pages;
        this.signals = signals;
    }

    /** Brings the subscriber a step further, if it is behind, its socket takes more, and no page is on its way. */
    void advance(Subscriber subscriber) {
        if (subscriber.state() != State.CATCHING_UP || subscriber.reading() || !subscriber.outlet.writable()) {
            return;
        }
        RecentEvents.Window window = recent.after(subscriber.cursor(), lane.position(), PageReader.PAGE_BYTES);
        if (!window.covered()) {
            read(subscriber);
            return;
        }
        deliver(subscriber, window.events(), window.through(), Subscriber::accepts);
        if (subscriber.state() != State.CATCHING_UP) {
            return;
        }
        if (subscriber.cursor() >= lane.position()) {
            subscriber.enter(State.LIVE);
            if (subscriber.endsReplay()) {
                subscriber.write(List.of(signals.live(subscriber.cursor())));
            }
        } else {
            subscriber.resume();
        }
    }

    private void read(Subscriber subscriber) {
        subscriber.reading(true);
        pages.read(
                subscriber.cursor(),
                subscriber.selectors,
                (page, failure, giveBack) -> handOver(subscriber, page, failure, giveBack));
    }

    /** On any thread. A page that cannot be handed over ends its stream, which else would wait for it for ever. */
    private void handOver(Subscriber subscriber, Page page, Throwable failure, Runnable giveBack) {
        boolean handedOver = false;
        try {
            lane.defer(subscriber, () -> continueWith(subscriber, page, failure, giveBack));
            handedOver = true;
        } finally {
            if (!handedOver) {
                subscriber.lost();
            }
        }
    }

    private void continueWith(Subscriber subscriber, Page page, Throwable failure, Runnable giveBack) {
        subscriber.reading(false);
        try {
            if (failure != null) {
                LOG.warn("A stream ended, since the log could not be read. Its client resumes by id.", failure);
                lane.end(subscriber);
            } else if (subscriber.state() == State.CATCHING_UP) {
                deliver(subscriber, page);
            }
        } finally {
            giveBack.run();
        }
    }

    private void deliver(Subscriber subscriber, Page page) {
        long before = subscriber.cursor();
        if (page.after() > before && subscriber.beginsWithTheOldest()) {
            subscriber.moveTo(page.after());
        } else if (page.after() > before) {
            if (!subscriber.signals) {
                // It has no word for a gap: the client comes back and is told by a header.
                lane.end(subscriber);
                return;
            }
            subscriber.moveTo(page.after());
            subscriber.write(List.of(signals.gap(subscriber.requested(), page.after())));
        }
        // The rest comes from memory, which has those, too, that only pass and are in no page.
        deliver(subscriber, page.events(), Math.min(page.through(), recent.joint()), Subscriber::permits);
        if (subscriber.cursor() > before) {
            advance(subscriber);
        } else {
            LOG.errorf("A stream ended, since the log has nothing after position=%d, though the lane had.", before);
            lane.end(subscriber);
        }
    }

    private void deliver(
            Subscriber subscriber, List<Event> events, long through, BiPredicate<Subscriber, Event> accepted) {
        long after = subscriber.cursor();
        List<Event> delivered = new ArrayList<>(events.size());
        List<Frame> frames = new ArrayList<>(events.size());
        for (Event event : events) {
            if (event.position() > after && event.position() <= through && accepted.test(subscriber, event)) {
                delivered.add(event);
                frames.add(event.frame());
            }
        }
        subscriber.moveTo(through);
        subscriber.beginsWithTheOldest(false);
        subscriber.write(frames);
        lane.replayed(delivered);
    }
}
