package dev.herald.hub;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;
import dev.herald.log.EventLog;
import dev.herald.selector.MatchMemo;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicFilter;

/**
 * Lookup of the start position of a stream: after the requested event or cursor, with the newest
 * events, or after the head. Thread-safe.
 */
final class StartLookup {
    private static final Logger LOG = Logger.getLogger(StartLookup.class);

    private final EventLog log;
    private final Function<Matching, CompletionStage<Boolean>> matcher;

    /** @param matcher evaluates a match, asynchronously if it is expensive */
    StartLookup(EventLog log, Function<Matching, CompletionStage<Boolean>> matcher) {
        this.log = log;
        this.matcher = matcher;
    }

    /** {@link Hub#locate}, on a node that has room for the stream. */
    CompletionStage<StartPosition> find(Subscription subscription, Executor steps, BooleanSupplier cancelled) {
        Optional<String> requested = subscription.requested();
        if (requested.isPresent()) {
            return orRetryLater(resumed(requested.get(), subscription)
                    .thenCompose(start -> withoutGap(start, subscription, steps, cancelled)));
        }
        return subscription.since().orElse(null) instanceof ReplayFrom.Latest latest
                ? orRetryLater(new StartLocator(log, steps, subscription, cancelled)
                        .from(log.recent().head(), latest.count()))
                : CompletableFuture.completedStage(
                        StartPosition.after(log.recent().head()));
    }

    private static CompletionStage<StartPosition> orRetryLater(CompletionStage<StartPosition> start) {
        return start.exceptionally(failure -> {
            LOG.warn(
                    "A stream was rejected with a time to reconnect, since its start position could not be read"
                            + " from the log.",
                    failure);
            return StartPosition.RETRY_LATER;
        });
    }

    private CompletionStage<StartPosition.At> resumed(String requested, Subscription subscription) {
        if (requested.equals(EventId.EARLIEST)) {
            return CompletableFuture.completedStage(StartPosition.oldest(log.horizon()));
        }
        OptionalLong cursor = log.cursors().open(requested);
        if (cursor.isPresent()) {
            return CompletableFuture.completedStage(startAt(cursor.getAsLong()));
        }
        Optional<EventId> id = eventId(requested);
        if (id.isEmpty()) {
            return CompletableFuture.completedStage(lost());
        }
        // An event that the subscriber may not read is looked up in the log, like an unknown one.
        Optional<Event> recent = log.recent().transientEvent(id.get());
        return permits(subscription, recent)
                .thenCompose(permitted -> permitted
                        ? CompletableFuture.completedStage(startAfter(recent))
                        : startAfterKept(id.get(), subscription));
    }

    /** Start position after the earliest event that has this id, or had it before it was purged. */
    private CompletionStage<StartPosition.At> startAfterKept(EventId id, Subscription subscription) {
        // One after the other: an event that is purged meanwhile is found by one of them.
        return log.find(id, subscription.grants()).thenCompose(found -> log.findPurged(id)
                .thenApply(purged -> startAfterKept(id, subscription, found, purged)));
    }

    private StartPosition.At startAfterKept(
            EventId id, Subscription subscription, Optional<Event> found, OptionalLong purged) {
        long position = Math.min(found.map(Event::position).orElse(Long.MAX_VALUE), purged.orElse(Long.MAX_VALUE));
        return position < Long.MAX_VALUE ? StartPosition.after(position) : startAfterTransient(id, subscription);
    }

    /**
     * Start position for the id of an evicted transient event: the kept event that its id encodes. All transient events
     * before it are evicted, too. They are private, and no topic is left to match with grants: without any grant the id
     * is unknown.
     */
    private StartPosition.At startAfterTransient(EventId id, Subscription subscription) {
        OptionalLong position = subscription.grants().isEmpty()
                ? OptionalLong.empty()
                : log.cursors().position(id);
        return position.isPresent() ? startAt(position.getAsLong()) : lost();
    }

    /** Skips a gap if the stream has no signals: the header {@code Last-Event-ID} reports it. */
    private CompletionStage<StartPosition> withoutGap(
            StartPosition.At start, Subscription subscription, Executor steps, BooleanSupplier cancelled) {
        boolean silent = !subscription.signals() && !start.oldest();
        boolean recent =
                log.recent().after(start.position(), start.position(), 0).covered();
        return silent && !recent
                ? new Lookahead(log, steps, subscription, cancelled).from(start.position())
                : CompletableFuture.completedStage(start);
    }

    private CompletionStage<Boolean> permits(Subscription subscription, Optional<Event> event) {
        return event.map(found ->
                        matcher.apply(new TopicFilter(subscription.grants()).permission(found, MatchMemo.NONE)))
                .orElseGet(() -> CompletableFuture.completedStage(false));
    }

    private StartPosition.At startAt(long cursor) {
        boolean known = cursor >= log.horizon() && cursor <= log.recent().head();
        return known ? StartPosition.after(cursor) : lost();
    }

    private StartPosition.At startAfter(Optional<Event> found) {
        return found.map(event -> StartPosition.after(event.position())).orElseGet(this::lost);
    }

    /** Starts with the oldest retained event. */
    private StartPosition.At lost() {
        return StartPosition.lost(log.horizon());
    }

    private static Optional<EventId> eventId(String text) {
        try {
            return Optional.of(new EventId(text));
        } catch (InvalidFieldException notAnId) {
            return Optional.empty();
        }
    }
}
