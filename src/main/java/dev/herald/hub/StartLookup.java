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
import dev.herald.event.MatchMemo;
import dev.herald.event.Matching;
import dev.herald.event.TopicFilter;
import dev.herald.log.EventLog;

/**
 * Look-up of the position at which a stream begins: after the event or cursor that its subscriber asked to continue from,
 * with the newest events, or after the head. Thread-safe.
 */
final class StartLookup {
    private static final Logger LOG = Logger.getLogger(StartLookup.class);

    private final EventLog log;
    private final Function<Matching, CompletionStage<Boolean>> matcher;

    /** @param matcher finds out the result of a comparison, elsewhere if that is expensive */
    StartLookup(EventLog log, Function<Matching, CompletionStage<Boolean>> matcher) {
        this.log = log;
        this.matcher = matcher;
    }

    /** {@link Hub#locate}, on a node that has room for the stream. */
    CompletionStage<Start> find(Subscription subscription, Executor steps, BooleanSupplier gone) {
        Optional<String> requested = subscription.requested();
        if (requested.isPresent()) {
            return orLater(continued(requested.get(), subscription)
                    .thenCompose(start -> withoutGap(start, subscription, steps, gone)));
        }
        return subscription.since().orElse(null) instanceof Since.Latest latest
                ? orLater(new Rewind(log, steps, subscription, gone)
                        .from(log.recent().head(), latest.count()))
                : CompletableFuture.completedStage(Start.after(log.recent().head()));
    }

    private static CompletionStage<Start> orLater(CompletionStage<Start> start) {
        return start.exceptionally(failure -> {
            LOG.warn("A stream is to come back later, since its start could not be looked up in the log.", failure);
            return Start.LATER;
        });
    }

    private CompletionStage<Start> continued(String requested, Subscription subscription) {
        if (requested.equals(EventId.EARLIEST)) {
            return CompletableFuture.completedStage(Start.oldest(log.horizon()));
        }
        OptionalLong cursor = log.cursors().open(requested);
        if (cursor.isPresent()) {
            return CompletableFuture.completedStage(startAt(cursor.getAsLong()));
        }
        Optional<EventId> id = eventId(requested);
        if (id.isEmpty()) {
            return CompletableFuture.completedStage(lost());
        }
        // One that the subscriber may not know of is looked for in the log, as one that is unknown is.
        Optional<Event> passing = log.recent().passing(id.get());
        return permits(subscription, passing)
                .thenCompose(permitted -> permitted
                        ? CompletableFuture.completedStage(startAfter(passing))
                        : log.find(id.get(), subscription.grants())
                                .thenApply(found -> found.isPresent()
                                        ? startAfter(found)
                                        : startAfterTransient(id.get(), subscription)));
    }

    /**
     * The id of a transient event says which kept event it followed, also after it has left memory, and with it all
     * transient events before it. They are private, and no topic is left to compare grants with: to a subscriber without any
     * grant the id is unknown.
     */
    private Start startAfterTransient(EventId id, Subscription subscription) {
        OptionalLong position = subscription.grants().isEmpty()
                ? OptionalLong.empty()
                : log.cursors().position(id);
        return position.isPresent() ? startAt(position.getAsLong()) : lost();
    }

    /** Streams without signals report a gap at their beginning in the header {@code Last-Event-ID}. */
    private CompletionStage<Start> withoutGap(
            Start start, Subscription subscription, Executor steps, BooleanSupplier gone) {
        boolean silent = !subscription.signals() && !start.oldest();
        boolean recent =
                log.recent().after(start.position(), start.position(), 0).covered();
        return silent && !recent
                ? new Lookahead(log, steps, subscription, gone).from(start.position())
                : CompletableFuture.completedStage(start);
    }

    private CompletionStage<Boolean> permits(Subscription subscription, Optional<Event> event) {
        return event.map(found ->
                        matcher.apply(new TopicFilter(subscription.grants()).permission(found, MatchMemo.NONE)))
                .orElseGet(() -> CompletableFuture.completedStage(false));
    }

    private Start startAt(long cursor) {
        boolean known = cursor >= log.horizon() && cursor <= log.recent().head();
        return known ? Start.after(cursor) : lost();
    }

    private Start startAfter(Optional<Event> found) {
        return found.map(event -> Start.after(event.position())).orElseGet(this::lost);
    }

    /** With all that is left. */
    private Start lost() {
        return Start.lost(log.horizon());
    }

    private static Optional<EventId> eventId(String text) {
        try {
            return Optional.of(new EventId(text));
        } catch (InvalidFieldException notAnId) {
            return Optional.empty();
        }
    }
}
