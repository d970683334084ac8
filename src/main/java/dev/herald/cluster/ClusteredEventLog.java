package dev.herald.cluster;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.identity.Revocation;
import dev.herald.log.AppendListener;
import dev.herald.log.Cursors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogClosedException;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.LogIdentity;
import dev.herald.log.LogStats;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.log.RevocationFollower;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.UnknownOutcomeException;
import dev.herald.log.local.QueuedBatch.Appended;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

/**
 * Event log of one of several nodes: it appends to the log that they share, and reads from its own mirror of it.
 * Thread-safe. While the shared log cannot be reached, readers get what the mirror has, and updates are rejected.
 */
public final class ClusteredEventLog implements EventLog {
    /** Time after the close in which appended updates may be read back. */
    private static final long READING_BACK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long CHECK_MILLIS = 2;

    private final SqliteEventLog mirror;
    private final PendingBatches pending;
    private final SharedAppender appender;
    private final Follower follower;
    private final AckCounters counters;
    private final Retention retention;
    private final SharedRevocations revocations;
    /** Purges of this node that it has not read back, by the tokens of their orders. */
    private final Map<UUID, CompletableFuture<Purged>> purges = new ConcurrentHashMap<>();

    private volatile boolean closed;

    private ClusteredEventLog(
            SharedLog shared,
            LogIdentity identity,
            SqliteEventLog mirror,
            List<Revocation> revocations,
            Retention retention,
            int maxWaiting,
            MemoryBudget updates,
            Clock clock) {
        this.mirror = mirror;
        this.retention = retention;
        this.revocations = new SharedRevocations(revocations, clock);
        this.counters = new AckCounters();
        this.pending = new PendingBatches(mirror.recent().head(), counters, this::release);
        this.follower =
                new Follower(shared, identity, new MirrorCopy(mirror, pending, this::carryOut), new Reactions());
        this.appender =
                new SharedAppender(shared, pending, follower, maxWaiting, updates, retention, clock, this::obstacle);
    }

    /**
     * Opens the log of a node: connects to the shared log, and copies what its mirror does not have. Blocks until that is
     * done.
     *
     * @param directory of the mirror
     * @param recentBytes memory for {@link #recent()}, in bytes
     * @param maxWaiting maximum waiting updates
     * @param updates bytes for waiting updates
     * @throws EventLogException if the shared log cannot be used, or the mirror is none of it; the message says what to do
     */
    public static ClusteredEventLog open(
            SharedLog shared,
            Path directory,
            Durability durability,
            Retention retention,
            long recentBytes,
            int maxWaiting,
            MemoryBudget updates,
            Clock clock) {
        LogIdentity identity;
        List<Revocation> revocations;
        try (SharedSession session = shared.connect()) {
            identity = session.identity();
            revocations = session.revocations();
        }
        SqliteEventLog mirror =
                SqliteEventLog.openMirror(directory, identity, durability, retention, recentBytes, updates, clock);
        ClusteredEventLog log =
                new ClusteredEventLog(shared, identity, mirror, revocations, retention, maxWaiting, updates, clock);
        try {
            log.follower.start();
            log.appender.start();
            return log;
        } catch (RuntimeException e) {
            log.follower.close();
            mirror.close();
            throw e;
        }
    }

    private void release(PendingBatch batch) {
        appender.release(batch);
    }

    private Optional<EventLogException> obstacle() {
        if (!mirror.writable()) {
            return Optional.of(new EventLogException("This node cannot write its mirror of the shared log."));
        }
        return follower.obstacle().map(reason -> new EventLogException(reason.getMessage(), reason));
    }

    @Override
    public CompletionStage<Event> append(Update update) {
        return event(append(UpdateBatch.of(update), true, AppendListener.NONE));
    }

    @Override
    public CompletionStage<Receipt> append(UpdateBatch batch, AppendListener listener) {
        return append(batch, true, listener).thenApply(Appended::receipt);
    }

    @Override
    public CompletionStage<Event> appendTransient(Update update) {
        return event(append(UpdateBatch.of(update), false, AppendListener.NONE));
    }

    private CompletionStage<Appended> append(UpdateBatch batch, boolean kept, AppendListener listener) {
        return appender.append(batch, kept, listener).whenComplete((appended, failure) -> {
            if (failure != null) {
                counters.failed(batch.updates().size());
            }
        });
    }

    private static CompletionStage<Event> event(CompletionStage<Appended> appended) {
        return appended.thenApply(done -> done.events().get(0));
    }

    @Override
    public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
        return mirror.read(after, selectors, maxBytes);
    }

    @Override
    public CompletionStage<Lookback> lookBack(
            long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
        return mirror.lookBack(upTo, count, selectors, grants);
    }

    @Override
    public CompletionStage<TopicSnapshot> latest(
            List<TopicSelector> selectors, List<TopicSelector> grants, BooleanSupplier cancelled) {
        return mirror.latest(selectors, grants, cancelled);
    }

    @Override
    public CompletionStage<Page> read(TopicSnapshot snapshot, long after, List<TopicSelector> selectors, int maxBytes) {
        return mirror.read(snapshot, after, selectors, maxBytes);
    }

    @Override
    public CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants) {
        return mirror.find(id, grants);
    }

    /** On this node now, and on each other one when it reads the order. The database deletes its copies soon after. */
    @Override
    public CompletionStage<Purged> purge(Purge purge) {
        UUID token = UUID.randomUUID();
        CompletableFuture<Purged> here = new CompletableFuture<>();
        purges.put(token, here);
        return appender.append(token, new Control.Purging(purge))
                .whenComplete((position, failure) -> {
                    if (failure != null) {
                        purges.remove(token);
                    } else if (follower.refused()) {
                        fail(token, PendingBatch.notReadBack());
                    }
                })
                .thenCompose(position -> here);
    }

    private void fail(UUID token, EventLogException reason) {
        CompletableFuture<Purged> purge = purges.remove(token);
        if (purge != null) {
            purge.completeExceptionally(reason);
        }
    }

    @Override
    public CompletionStage<OptionalLong> findPurged(EventId id) {
        return mirror.findPurged(id);
    }

    @Override
    public CompletionStage<Void> keep(Revocation revocation) {
        return give(new Control.Revoking(revocation));
    }

    @Override
    public CompletionStage<Void> forget(Revocation.Target target) {
        return give(new Control.Readmitting(target));
    }

    private CompletionStage<Void> give(Control order) {
        return appender.append(UUID.randomUUID(), order).thenAccept(position -> {});
    }

    @Override
    public List<Revocation> revocations() {
        return revocations.atOpening();
    }

    @Override
    public void followRevocations(RevocationFollower its) {
        revocations.follow(its);
    }

    /** Carries out an order on this node, on the follower's thread. */
    private void carryOut(UUID token, Control order) {
        if (order instanceof Control.Purging purging) {
            Purged done = mirror.purge(purging.purge()).toCompletableFuture().join();
            CompletableFuture<Purged> own = purges.remove(token);
            if (own != null) {
                // The database has copies of what it deletes, too: in its files, its archive, its standbys.
                own.complete(new Purged(done.events(), false));
            }
        } else if (order instanceof Control.Revoking revoking) {
            put(revoking.revocation());
        } else if (order instanceof Control.Readmitting readmitting) {
            remove(readmitting.target());
        }
    }

    private void put(Revocation revocation) {
        mirror.keep(revocation).toCompletableFuture().join();
        revocations.kept(revocation);
    }

    private void remove(Revocation.Target target) {
        mirror.forget(target).toCompletableFuture().join();
        revocations.forgotten(target);
    }

    /** Reactions to what becomes of the follower, on its thread. */
    private final class Reactions implements Follower.Listener {
        /** The orders among the removed entries: what is kept of them, and the purges, since all events are deleted. */
        @Override
        public void overtaken(List<Revocation> kept) {
            revocations.missingIn(kept).forEach(ClusteredEventLog.this::remove);
            revocations.unread(kept).forEach(ClusteredEventLog.this::put);
            purges.keySet().forEach(token -> fail(token, PendingBatch.notReadBack()));
        }

        @Override
        public void refused() {
            pending.failAll(PendingBatch.notReadBack());
            purges.keySet().forEach(token -> fail(token, PendingBatch.notReadBack()));
        }
    }

    @Override
    public CompletionStage<Boolean> catchUp() {
        CompletionStage<Boolean> caughtUp = follower.catchUp();
        appender.ringSoon();
        return caughtUp;
    }

    @Override
    public void follow(LongConsumer listener) {
        mirror.follow(listener);
    }

    @Override
    public long horizon() {
        return mirror.horizon();
    }

    @Override
    public RecentEvents recent() {
        return mirror.recent();
    }

    @Override
    public Cursors cursors() {
        return mirror.cursors();
    }

    @Override
    public LogStats stats() {
        LogStats own = mirror.stats();
        return new LogStats(
                own.kept(),
                counters.stats(appender.commits()),
                new LogStats.Keys(appender.keys(), retention.keys().maxCount()),
                appender.queued(),
                own.fileBytes(),
                own.freeBytes());
    }

    @Override
    public boolean writable() {
        return !closed && mirror.writable() && follower.connected();
    }

    @Override
    public boolean readable() {
        return !follower.refused();
    }

    @Override
    public void close() {
        appender.close();
        long deadline = System.nanoTime() + READING_BACK_NANOS;
        boolean interrupted = false;
        while (!pending.isEmpty() && !follower.refused() && System.nanoTime() - deadline < 0) {
            interrupted |= pause();
        }
        closed = true;
        follower.close();
        LogClosedException end = new LogClosedException();
        purges.keySet().forEach(token -> fail(token, end));
        pending.failAll(new UnknownOutcomeException(
                "The hub stopped before the shared log had answered: the update may be stored or not."));
        mirror.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits a moment. Returns whether it was interrupted. */
    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(CHECK_MILLIS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
