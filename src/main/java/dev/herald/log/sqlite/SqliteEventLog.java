package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

import org.jboss.logging.Logger;

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
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.LogIdentity;
import dev.herald.log.LogStats;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.local.Appender;
import dev.herald.log.sqlite.LogOpening.OpenLog;
import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

/**
 * Event log in a local directory, which survives restarts and crashes; {@link Durability} defines what an acknowledged
 * update survives. Thread-safe. Opening reads the newest events only; reading a page costs O(its events), by topic too.
 */
public final class SqliteEventLog implements EventLog {
    private static final Logger LOG = Logger.getLogger(SqliteEventLog.class);

    private final LogDirectory directory;
    private final EventWriter writer;
    private final ReaderPool readers;
    private final ReaderPool expensiveReaders;
    private final RecentEvents recent;
    private final Cursors cursors;
    private final Appender appender;
    private final List<Revocation> revocations;

    private SqliteEventLog(OpenLog log, Appender appender) {
        this.directory = log.directory();
        this.writer = log.writer();
        this.readers = log.readers();
        this.expensiveReaders = log.expensiveReaders();
        this.recent = log.recent();
        this.cursors = log.cursors();
        this.revocations = List.copyOf(log.revocations());
        this.appender = appender;
    }

    /**
     * Opens the log in a directory, or creates it. No other process can open it until it is closed.
     *
     * @param recentBytes memory for {@link #recent()}, in bytes
     * @param maxWaiting maximum waiting updates
     * @param updates bytes for waiting updates
     * @throws EventLogException if it cannot be opened; the message says what to do
     */
    public static SqliteEventLog open(
            Path directory,
            Durability durability,
            Retention retention,
            long recentBytes,
            int maxWaiting,
            MemoryBudget updates,
            Clock clock) {
        return open(
                directory,
                ConnectionSource.sqlite(),
                BootId.current(),
                Optional.empty(),
                durability,
                retention,
                recentBytes,
                maxWaiting,
                updates,
                clock);
    }

    /**
     * Opens the mirror of a shared log in a directory, or creates it. It grows by {@link #copy} only. What it has lost by
     * a crash, or by damage, is copied again.
     *
     * @param shared the log that it mirrors
     * @param recentBytes memory for {@link #recent()}, in bytes
     * @throws EventLogException if it cannot be opened, or is the mirror of another log; the message says what to do
     */
    public static SqliteEventLog openMirror(
            Path directory,
            LogIdentity shared,
            Durability durability,
            Retention retention,
            long recentBytes,
            MemoryBudget updates,
            Clock clock) {
        return open(
                directory,
                ConnectionSource.sqlite(),
                BootId.current(),
                Optional.of(shared),
                durability,
                retention,
                recentBytes,
                1,
                updates,
                clock);
    }

    static SqliteEventLog open(
            Path directory,
            ConnectionSource source,
            BootId boot,
            Durability durability,
            Retention retention,
            long recentBytes,
            int maxWaiting,
            MemoryBudget updates,
            Clock clock) {
        return open(
                directory,
                source,
                boot,
                Optional.empty(),
                durability,
                retention,
                recentBytes,
                maxWaiting,
                updates,
                clock);
    }

    private static SqliteEventLog open(
            Path directory,
            ConnectionSource source,
            BootId boot,
            Optional<LogIdentity> shared,
            Durability durability,
            Retention retention,
            long recentBytes,
            int maxWaiting,
            MemoryBudget updates,
            Clock clock) {
        OpenLog log = new LogOpening(source, boot, shared, durability, clock).open(directory, retention, recentBytes);
        return new SqliteEventLog(
                log, new Appender(log.writer(), log.recent(), maxWaiting, updates, clock, log.cursors()));
    }

    @Override
    public CompletionStage<Event> append(Update update) {
        return appender.append(update);
    }

    @Override
    public CompletionStage<Receipt> append(UpdateBatch batch, AppendListener listener) {
        return appender.append(batch, listener);
    }

    @Override
    public CompletionStage<Event> appendTransient(Update update) {
        return appender.appendTransient(update);
    }

    /**
     * Copies events of the shared log that this one mirrors. When the stage completes, {@link #recent()} has them, and
     * the follower knows.
     *
     * @param events in order, after all that this log has; placeholders of purged events have a digest of their id as
     *     data
     * @param through position of the shared log's last entry, at least that of the last event
     * @return fails with the reason why they could not be stored; then none is, and a retry may help
     */
    public CompletionStage<Long> copy(List<Event> events, long through) {
        return appender.copy(events, through);
    }

    /**
     * Deletes all events, since the shared log no longer has those that follow them, and continues after a position.
     * Readers get a gap.
     */
    public CompletionStage<Long> restartAfter(long position) {
        return appender.execute(() -> {
            writer.restartAfter(position);
            recent.restartAfter(position);
            return Optional.of(position);
        });
    }

    @Override
    public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
        return readers(selectors, List.of()).execute(reader -> reader.page(after, selectors, maxBytes));
    }

    /** Expensive selectors have a reader of their own, so that they delay only each other. */
    private ReaderPool readers(List<TopicSelector> selectors, List<TopicSelector> grants) {
        return TopicSelector.expensive(selectors) || TopicSelector.expensive(grants) ? expensiveReaders : readers;
    }

    @Override
    public CompletionStage<Lookback> lookBack(
            long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
        return readers(selectors, grants).execute(reader -> reader.lookBack(upTo, count, selectors, grants));
    }

    @Override
    public CompletionStage<TopicSnapshot> latest(
            List<TopicSelector> selectors, List<TopicSelector> grants, BooleanSupplier cancelled) {
        LatestReader search = new LatestReader(recent.head(), selectors, grants);
        CompletableFuture<TopicSnapshot> result = new CompletableFuture<>();
        run(search, readers(selectors, grants), cancelled, result);
        return result;
    }

    /** Runs the next step of a search, as a task of its own. */
    private static void run(
            LatestReader search, ReaderPool pool, BooleanSupplier cancelled, CompletableFuture<TopicSnapshot> result) {
        pool.execute(reader -> reader.step(search)).whenComplete((complete, failure) -> {
            try {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else if (complete || cancelled.getAsBoolean()) {
                    result.complete(search.snapshot());
                } else {
                    run(search, pool, cancelled, result);
                }
            } catch (Throwable e) {
                // A stream or a request waits for it.
                result.completeExceptionally(e);
            }
        });
    }

    @Override
    public CompletionStage<Page> read(TopicSnapshot snapshot, long after, List<TopicSelector> selectors, int maxBytes) {
        return readers(selectors, List.of()).execute(reader -> reader.page(snapshot, after, selectors, maxBytes));
    }

    @Override
    public CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants) {
        return readers(List.of(), grants).execute(reader -> reader.find(id, grants));
    }

    @Override
    public CompletionStage<Purged> purge(Purge purge) {
        return appender.execute(writer.purge(purge, recent));
    }

    @Override
    public CompletionStage<OptionalLong> findPurged(EventId id) {
        return writer.hasPurged()
                ? readers.execute(reader -> reader.findPurged(id))
                : CompletableFuture.completedStage(OptionalLong.empty());
    }

    @Override
    public CompletionStage<Void> keep(Revocation revocation) {
        return appender.<Boolean>execute(() -> writer.keep(revocation)).thenAccept(kept -> {});
    }

    @Override
    public CompletionStage<Void> forget(Revocation.Target target) {
        return appender.<Boolean>execute(() -> writer.forget(target)).thenAccept(forgotten -> {});
    }

    @Override
    public List<Revocation> revocations() {
        return revocations;
    }

    @Override
    public void follow(LongConsumer listener) {
        appender.follow(listener);
    }

    @Override
    public long horizon() {
        return writer.horizon();
    }

    @Override
    public RecentEvents recent() {
        return recent;
    }

    @Override
    public Cursors cursors() {
        return cursors;
    }

    @Override
    public LogStats stats() {
        return new LogStats(
                writer.kept(),
                appender.stats(),
                writer.keys(),
                appender.queued(),
                OptionalLong.of(directory.bytes()),
                OptionalLong.of(directory.freeBytes()));
    }

    @Override
    public boolean writable() {
        return appender.alive() && writer.writable();
    }

    @Override
    public void close() {
        appender.close();
        readers.close();
        expensiveReaders.close();
        try {
            // The last connection checkpoints the write-ahead log and deletes it.
            writer.close();
        } catch (SQLException e) {
            LOG.errorf(e, "The log could not be closed cleanly. directory=%s", directory);
        }
        directory.close();
    }
}
