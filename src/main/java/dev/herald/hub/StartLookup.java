package dev.herald.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;
import dev.herald.log.EventLog;
import dev.herald.log.TopicSnapshot;
import dev.herald.selector.MatchMemo;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * Lookup of the start position of a stream. It is after the requested event or cursor, before the newest events, before
 * the newest one of each topic, or after the head. Thread-safe.
 */
final class StartLookup {
    private static final Logger LOG = Logger.getLogger(StartLookup.class);

    private final EventLog log;
    private final Function<Matching, CompletionStage<Boolean>> matcher;
    private final SnapshotSearches snapshots;

    /** @param matcher evaluates a match, asynchronously if it is expensive */
    StartLookup(EventLog log, Function<Matching, CompletionStage<Boolean>> matcher) {
        this.log = log;
        this.matcher = matcher;
        this.snapshots = new SnapshotSearches(log);
    }

    /** {@link Hub#locate}, on a node that has room for the stream. */
    CompletionStage<StartPosition> find(Subscription subscription, Executor steps, BooleanSupplier cancelled) {
        return find(subscription, steps, cancelled, false);
    }

    /**
     * As {@link #find(Subscription, Executor, BooleanSupplier)}.
     *
     * @param current whether a snapshot must have all events that the log has now: its reader gets none after it
     */
    CompletionStage<StartPosition> find(
            Subscription subscription, Executor steps, BooleanSupplier cancelled, boolean current) {
        Optional<String> requested = subscription.requested();
        if (requested.isPresent()) {
            return orRetryLater(resumed(requested.get(), subscription)
                    .thenCompose(start -> withoutGap(start, subscription, steps, cancelled)));
        }
        ReplayFrom since = subscription.since().orElse(null);
        if (since instanceof ReplayFrom.LatestOfEachTopic) {
            return orRetryLater(snapshots.find(subscription, cancelled, current).thenApply(StartPosition::with));
        }
        return since instanceof ReplayFrom.Latest latest
                ? orRetryLater(new StartLocator(log, steps, subscription, cancelled)
                        .from(log.recent().head(), latest.count()))
                : CompletableFuture.completedStage(
                        StartPosition.after(log.recent().head()));
    }

    private static CompletionStage<StartPosition> orRetryLater(CompletionStage<StartPosition> start) {
        return start.exceptionally(failure -> {
            if (failure.getCause() instanceof NotCaughtUpException) {
                LOG.debug("A stream was rejected with a time to reconnect, since this node cannot catch up.", failure);
            } else {
                LOG.warn(
                        "A stream was rejected with a time to reconnect, since its start position could not be read"
                                + " from the log.",
                        failure);
            }
            return StartPosition.RETRY_LATER;
        });
    }

    private CompletionStage<StartPosition.At> resumed(String requested, Subscription subscription) {
        if (requested.equals(EventId.EARLIEST)) {
            return CompletableFuture.completedStage(StartPosition.oldest(log.horizon()));
        }
        OptionalLong cursor = log.cursors().open(requested);
        if (cursor.isPresent()) {
            return startAtOrAhead(cursor.getAsLong());
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

    private CompletionStage<Boolean> catchUp() {
        return log.catchUp().handle((caughtUp, failure) -> {
            if (failure != null) {
                throw new NotCaughtUpException(failure);
            }
            return caughtUp;
        });
    }

    /** Start position at a cursor. One that is ahead of this node comes from another node, which is quicker. */
    private CompletionStage<StartPosition.At> startAtOrAhead(long cursor) {
        return cursor <= log.recent().head()
                ? CompletableFuture.completedStage(startAt(cursor))
                : catchUp().thenApply(caughtUp -> startAt(cursor));
    }

    /** Start position after an event. One that is unknown here may be known to another node, which is quicker. */
    private CompletionStage<StartPosition.At> startAfterKept(EventId id, Subscription subscription) {
        long head = log.recent().head();
        return lookUp(id, subscription)
                .thenCompose(start -> start.lost()
                        ? catchUp()
                                .thenCompose(
                                        caughtUp -> caughtUp && log.recent().head() > head
                                                ? lookUp(id, subscription)
                                                : CompletableFuture.completedStage(start))
                        : CompletableFuture.completedStage(start));
    }

    /** Start position after the earliest event that has this id, or had it before it was purged. */
    private CompletionStage<StartPosition.At> lookUp(EventId id, Subscription subscription) {
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

    /** Failure to catch up with other nodes. The log has reported the cause, once for all streams. */
    private static final class NotCaughtUpException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotCaughtUpException(Throwable cause) {
            super("This node cannot catch up with the others.", cause);
        }
    }

    /**
     * Searches for snapshots that are under way. Requests with the same selectors and grants share one. So many equal
     * clients cost little, and later their pages are read once (decision 063). A request that joins gets a snapshot
     * from before it, and the events after that. Thread-safe.
     */
    private static final class SnapshotSearches {
        private final EventLog log;
        private final ConcurrentMap<Key, Search> underWay = new ConcurrentHashMap<>();

        SnapshotSearches(EventLog log) {
            this.log = log;
        }

        /**
         * The snapshot for a subscription. Fails as the log does.
         *
         * @param cancelled whether the request was cancelled; called on any thread, and must not block
         * @param current whether it must have all events that the log has now
         */
        CompletionStage<TopicSnapshot> find(Subscription subscription, BooleanSupplier cancelled, boolean current) {
            Key key = new Key(subscription.selectors(), subscription.grants());
            long head = log.recent().head();
            Search created = new Search(head, cancelled);
            Search search = underWay.compute(
                    key,
                    (same, found) -> found != null && (!current || found.head >= head) && found.join(cancelled)
                            ? found
                            : created);
            if (search == created) {
                start(key, search);
            }
            return search.result;
        }

        private void start(Key key, Search search) {
            try {
                log.latest(key.selectors, key.grants, search::cancelled).whenComplete((found, failure) -> {
                    underWay.remove(key, search);
                    if (failure == null) {
                        search.result.complete(found);
                    } else {
                        search.result.completeExceptionally(failure);
                    }
                });
            } catch (Throwable e) {
                underWay.remove(key, search);
                search.result.completeExceptionally(e);
            }
        }

        private record Key(List<TopicSelector> selectors, List<TopicSelector> grants) {}

        /** One search for several requests. Thread-safe. */
        private static final class Search {
            final CompletableFuture<TopicSnapshot> result = new CompletableFuture<>();
            /** Head of the log before it began. */
            private final long head;

            private final List<BooleanSupplier> requests = new ArrayList<>();
            private boolean cancelled;

            Search(long head, BooleanSupplier first) {
                this.head = head;
                requests.add(first);
            }

            /** Adds a request. Returns false if the search is cancelled. */
            synchronized boolean join(BooleanSupplier request) {
                return !cancelled && requests.add(request);
            }

            /** Whether all requests are cancelled; then it stays cancelled. */
            boolean cancelled() {
                // Outside of the lock: another thread may have locked the request, and wait for this one.
                List<BooleanSupplier> gone = requests().stream()
                        .filter(BooleanSupplier::getAsBoolean)
                        .toList();
                synchronized (this) {
                    requests.removeAll(gone);
                    cancelled = requests.isEmpty();
                    return cancelled;
                }
            }

            private synchronized List<BooleanSupplier> requests() {
                return List.copyOf(requests);
            }
        }
    }
}
