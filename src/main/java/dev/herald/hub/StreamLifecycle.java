package dev.herald.hub;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import com.github.f4b6a3.uuid.UuidCreator;

import dev.herald.event.Frame;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.RecentEvents;
import dev.herald.stats.LaneCounter;

/**
 * Begin and end of the streams of one lane: their first and last frames, and the reports to the listener for
 * subscriptions. Belongs to the lane's thread.
 */
final class StreamLifecycle {
    private final Subscriber.Owner owner;
    private final FanOut fanOut;
    private final Admission admission;
    private final RecentEvents recent;
    private final ControlFrames controlFrames;
    private final SubscriptionListener subscriptions;
    private final BooleanSupplier stopping;

    /** @param stopping whether the hub rejects new streams, since it shuts down */
    StreamLifecycle(
            Subscriber.Owner owner,
            FanOut fanOut,
            Admission admission,
            RecentEvents recent,
            ControlFrames controlFrames,
            SubscriptionListener subscriptions,
            BooleanSupplier stopping) {
        this.owner = owner;
        this.fanOut = fanOut;
        this.admission = admission;
        this.recent = recent;
        this.controlFrames = controlFrames;
        this.subscriptions = subscriptions;
        this.stopping = stopping;
    }

    /** Begins a stream, which then catches up; or ends a rejected one. */
    void begin(Subscriber subscriber, StartPosition start, Subscription subscription) {
        if (start instanceof StartPosition.At at) {
            begin(subscriber, at, subscription.requested());
        } else {
            EndNotice notice = ((StartPosition.RetryLater) start).end();
            subscriber.endsFor(notice.cause());
            end(
                    subscriber,
                    subscriber.signals
                            ? controlFrames.rejection(notice, subscription, recent.head())
                            : controlFrames.retry());
        }
    }

    private void begin(Subscriber subscriber, StartPosition.At start, Optional<String> requested) {
        subscriber.begin(start.position(), recent.head());
        if (subscriber.tokenExpired(owner.now())) {
            // While its start was located.
            owner.expire(subscriber);
            return;
        }
        subscriber.startsAtOldest(start.oldest());
        start.snapshot().ifPresent(snapshot -> {
            admission.reserve(snapshot.heapBytes());
            subscriber.startWith(snapshot);
        });
        if (subscriber.signals) {
            subscriber.write(opening(requested, start));
        }
        fanOut.add(subscriber);
        report(subscriber);
        owner.advance(subscriber);
    }

    private List<Frame> opening(Optional<String> requested, StartPosition.At start) {
        Frame opening = controlFrames.opening(start.position());
        if (!start.lost()) {
            return List.of(opening);
        }
        owner.stats().increment(LaneCounter.GAPS);
        return List.of(opening, controlFrames.gap(requested, start.position()));
    }

    private void report(Subscriber subscriber) {
        if (subscriptions != SubscriptionListener.NONE && subscriber.outlet.isSubscription()) {
            // Versions 4 and 7 are both allowed; version 7 contains the start time of the stream.
            subscriber.name = UuidCreator.getTimeOrderedEpoch();
            subscriptions.subscribed(subscriber.name, subscriber.selectors, subscriber.payload);
        }
    }

    /** Reports that a subscription has ended, if its begin was reported. */
    void reportEnd(Subscriber subscriber) {
        if (subscriber.name != null) {
            subscriptions.unsubscribed(subscriber.name, subscriber.selectors, subscriber.payload);
        }
    }

    /** Ends a stream with a reconnection time, and with the reason if the client can act upon it. */
    void end(Subscriber subscriber) {
        end(
                subscriber,
                notice(subscriber)
                        .filter(reason -> subscriber.signals)
                        .map(reason -> controlFrames.end(reason, reached(subscriber)))
                        .orElseGet(controlFrames::retry));
    }

    /** Ends a stream with a notice, if it accepts signals; else with a reconnection time. */
    void end(Subscriber subscriber, EndNotice notice) {
        subscriber.endsFor(notice.cause());
        end(subscriber, subscriber.signals ? controlFrames.end(notice, reached(subscriber)) : controlFrames.retry());
    }

    /** Reason of the end, if the client can act upon it (PROTOCOL E12). */
    private Optional<EndNotice> notice(Subscriber subscriber) {
        if (subscriber.tokenExpired(owner.now())) {
            // Also while the hub stops: the client must not come back with this token.
            return Optional.of(EndNotice.TOKEN_EXPIRED);
        }
        return stopping.getAsBoolean() ? Optional.of(EndNotice.DRAINING) : Optional.empty();
    }

    /** Position after which its client resumes. */
    private long reached(Subscriber subscriber) {
        return owner.atHead(subscriber) ? owner.position() : subscriber.cursor();
    }

    private void end(Subscriber subscriber, Frame last) {
        if (subscriber.state() != State.CLOSED) {
            subscriber.write(List.of(last));
            subscriber.outlet.close();
            owner.remove(subscriber);
        }
    }
}
