package dev.herald.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Frame;
import dev.herald.frames.TurnFrames;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.Page;
import dev.herald.log.RecentEvents;
import dev.herald.log.TopicSnapshot;
import dev.herald.replay.PageReader;
import dev.herald.replay.Replay;
import dev.herald.replay.Selection;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.MatchMemo;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.StreamEnd;

/**
 * Replay for the subscribers of one lane that are behind its position. They are behind after {@code Last-Event-ID},
 * after backpressure from a slow reader, and at the start of a stream. A stream that starts with a snapshot reads its
 * events first, and then continues after its position. Belongs to the lane's thread.
 *
 * <p>Pages of old events are read asynchronously and returned to the loop. The last step reads the recent events up to
 * the lane's position and makes the subscriber live in the same task. So there is no gap and no duplicate, and catching
 * up ends even under steady publishing.
 *
 * <p>Each selection step has a bounded cost. A subscriber with cheap selectors continues in the next slice, one with
 * expensive selectors on the thread of the {@link dev.herald.replay.Matcher}. Meanwhile its state is that of a subscriber whose page is
 * being read.
 */
final class CatchUp {
    /** Cost limit of one selection step on the loop: some ten microseconds. */
    private static final long STEP_UNITS = 50_000;

    private static final Logger LOG = Logger.getLogger(CatchUp.class);

    private final Subscriber.Owner owner;
    private final RecentEvents recent;
    private final Replay replay;
    private final ControlFrames controlFrames;
    private final MatchMemo memo = new MatchMemo();

    CatchUp(Subscriber.Owner owner, RecentEvents recent, Replay replay, ControlFrames controlFrames) {
        this.owner = owner;
        this.recent = recent;
        this.replay = replay;
        this.controlFrames = controlFrames;
    }

    /** Runs the next step of a subscriber that is catching up, is writable, and has no page in flight. */
    void advance(Subscriber subscriber) {
        if (subscriber.state() != State.CATCHING_UP || subscriber.reading() || !subscriber.outlet.writable()) {
            return;
        }
        if (inSnapshot(subscriber)) {
            read(subscriber);
            return;
        }
        RecentEvents.Window window = recent.after(subscriber.cursor(), owner.position(), PageReader.PAGE_BYTES);
        if (!window.covered()) {
            read(subscriber);
            return;
        }
        select(
                subscriber,
                subscriber.select(window.events(), window.through(), memo),
                () -> reachedRecent(subscriber),
                () -> {});
    }

    /** Whether events of its snapshot follow; releases a snapshot of which it has all. */
    private boolean inSnapshot(Subscriber subscriber) {
        Optional<TopicSnapshot> snapshot = subscriber.snapshot();
        if (snapshot.isEmpty()) {
            return false;
        }
        if (subscriber.cursor() < snapshot.get().asOf()) {
            return true;
        }
        owner.releaseSnapshot(subscriber);
        return false;
    }

    private void reachedRecent(Subscriber subscriber) {
        if (subscriber.state() != State.CATCHING_UP) {
            return;
        }
        if (subscriber.cursor() < owner.position()) {
            subscriber.resume();
        } else if (subscriber.beforeReplayEnd()) {
            // Its newest events are answered, but not yet announced to this lane.
            owner.runAfterTurn(subscriber, () -> advance(subscriber));
        } else {
            subscriber.enter(State.LIVE);
            if (subscriber.finishReplay()) {
                subscriber.write(List.of(controlFrames.live(subscriber.cursor())));
            }
        }
    }

    private void read(Subscriber subscriber) {
        subscriber.reading(true);
        replay.pages(subscriber.expensive())
                .read(
                        subscriber.cursor(),
                        subscriber.selectors,
                        subscriber.snapshot(),
                        (page, failure, release) ->
                                handOver(subscriber, () -> continueWith(subscriber, page, failure, release), release));
    }

    /**
     * Enqueues a step on the loop. Thread-safe. A step that cannot be enqueued ends its stream, which would otherwise
     * wait for ever.
     *
     * @param release runs if the step will not
     */
    private void handOver(Subscriber subscriber, Runnable step, Runnable release) {
        boolean handedOver = false;
        try {
            owner.defer(subscriber, step);
            handedOver = true;
        } finally {
            if (!handedOver) {
                subscriber.markBroken();
                release.run();
            }
        }
    }

    private void continueWith(Subscriber subscriber, Page page, Throwable failure, Runnable release) {
        subscriber.reading(false);
        boolean handedOver = false;
        try {
            if (failure != null) {
                LOG.warn("A stream ended, since the log could not be read. Its client resumes by id.", failure);
                fail(subscriber);
            } else if (subscriber.state() == State.CATCHING_UP) {
                long before = subscriber.cursor();
                if (begin(subscriber, page, before)) {
                    // The rest comes from the recent events: unlike pages, they contain transient events.
                    long through = subscriber.snapshot().isPresent()
                            ? page.through()
                            : Math.min(page.through(), recent.coveredAfter());
                    Selection permitted = subscriber.selectPermitted(page.events(), through);
                    handedOver = true;
                    select(subscriber, permitted, () -> reachedEnd(subscriber, before), release);
                }
            }
        } finally {
            if (!handedOver) {
                release.run();
            }
        }
    }

    /** Moves to the start of the page, possibly across a gap. Returns whether the subscriber accepts the page. */
    private boolean begin(Subscriber subscriber, Page page, long before) {
        if (page.after() > before && subscriber.startsAtOldest()) {
            subscriber.moveTo(page.after());
        } else if (page.after() > before) {
            owner.stats().increment(LaneCounter.GAPS);
            if (!subscriber.signals) {
                // Without signals, a header reports the gap when the client reconnects.
                subscriber.endsFor(StreamEnd.GAP);
                owner.end(subscriber);
                return false;
            }
            subscriber.moveTo(page.after());
            subscriber.write(List.of(controlFrames.gap(subscriber.requested(), page.after())));
        }
        return true;
    }

    private void reachedEnd(Subscriber subscriber, long before) {
        if (subscriber.cursor() > before) {
            advance(subscriber);
        } else {
            LOG.errorf(
                    "A stream ended, since the log has no event after position=%d, but the lane delivered some.",
                    before);
            fail(subscriber);
        }
    }

    private void fail(Subscriber subscriber) {
        subscriber.endsFor(StreamEnd.FAILED);
        owner.end(subscriber);
    }

    /**
     * Selects events and writes them, in one or several steps.
     *
     * @param then runs once they are written
     * @param release runs exactly once, when the events are no longer used
     */
    private void select(Subscriber subscriber, Selection selection, Runnable then, Runnable release) {
        boolean incomplete = false;
        try {
            if (selection.advance(new MatchBudget(subscriber.expensive() ? 0 : STEP_UNITS))) {
                deliver(subscriber, selection);
                then.run();
            } else {
                incomplete = true;
            }
        } finally {
            if (!incomplete) {
                release.run();
            }
        }
        if (incomplete) {
            subscriber.reading(true);
            selectLater(subscriber, selection, then, release);
        }
    }

    private void selectLater(Subscriber subscriber, Selection selection, Runnable then, Runnable release) {
        Consumer<Throwable> selected =
                failure -> handOver(subscriber, () -> selected(subscriber, selection, failure, then, release), release);
        if (subscriber.expensive()) {
            replay.matcher().run(selection::advance, selected);
        } else {
            selected.accept(null);
        }
    }

    private void selected(
            Subscriber subscriber, Selection selection, Throwable failure, Runnable then, Runnable release) {
        subscriber.reading(false);
        if (failure == null && subscriber.state() == State.CATCHING_UP) {
            select(subscriber, selection, then, release);
            return;
        }
        release.run();
        if (failure instanceof RejectedExecutionException) {
            LOG.debug("A stream ended, since the hub is closed.", failure);
            fail(subscriber);
        } else if (failure != null) {
            LOG.error("A stream ended, since its selectors could not be matched. Its client resumes by id.", failure);
            fail(subscriber);
        }
    }

    private void deliver(Subscriber subscriber, Selection selection) {
        List<Event> selected = selection.selected();
        List<Frame> frames = subscriber.envelope
                ? firstEnvelopes(selected)
                : selected.stream().map(Event::frame).toList();
        List<Event> written = selected.subList(0, frames.size());
        // The next step selects the others again.
        subscriber.moveTo(
                written.size() == selected.size()
                        ? selection.through()
                        : written.get(written.size() - 1).position());
        subscriber.startsAtOldest(false);
        subscriber.write(frames);
        owner.replayed(written);
    }

    /** Envelopes of the first events, as far as the limit of a step: they may be much larger than their page. */
    private List<Frame> firstEnvelopes(List<Event> events) {
        List<Frame> frames = new ArrayList<>(events.size());
        long bytes = 0;
        for (int i = 0; i < events.size() && bytes < TurnFrames.MAX_ENVELOPE_BYTES; i++) {
            Frame frame = replay.envelopes().frame(events.get(i));
            frames.add(frame);
            bytes += frame.size();
        }
        return frames;
    }
}
