package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Update;
import dev.herald.log.Cursors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Generations;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.log.local.Appender;
import dev.herald.log.sqlite.EventTable.Visitor;
import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.HeadFile;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

/**
 * Event log in a local directory, which survives restarts and crashes; {@link Durability} defines what an acknowledged
 * update survives. Thread-safe. Opening reads the newest events only; reading a page costs O(its events), by topic too.
 */
public final class SqliteEventLog implements EventLog {
    private static final int READERS = 2;
    private static final Logger LOG = Logger.getLogger(SqliteEventLog.class);

    private final LogDirectory directory;
    private final EventWriter writer;
    private final ReaderPool readers;
    private final ReaderPool expensiveReaders;
    private final RecentEvents recent;
    private final Cursors cursors;
    private final Appender appender;

    private SqliteEventLog(
            LogDirectory directory,
            EventWriter writer,
            ReaderPool readers,
            ReaderPool expensiveReaders,
            RecentEvents recent,
            Cursors cursors,
            Appender appender) {
        this.directory = directory;
        this.writer = writer;
        this.readers = readers;
        this.expensiveReaders = expensiveReaders;
        this.recent = recent;
        this.cursors = cursors;
        this.appender = appender;
    }

    /**
     * Opens the log in a directory, or creates it. No other process can open it until it is closed.
     *
     * @param recentBytes memory for {@link #recent()}, in bytes
     * @param maxWaiting how many updates may wait to be accepted
     * @param updates bytes for those that wait
     * @throws EventLogException if it cannot be opened; the message is a sentence that says what to do
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
                durability,
                retention,
                recentBytes,
                maxWaiting,
                updates,
                clock);
    }

    static SqliteEventLog open(
            Path path,
            ConnectionSource source,
            BootId boot,
            Durability durability,
            Retention retention,
            long recentBytes,
            int maxWaiting,
            MemoryBudget updates,
            Clock clock) {
        LogDirectory directory = LogDirectory.lock(path);
        try {
            LogFile file = new LogFile(directory, source, durability, Schema.CURRENT, boot);
            Connection connection = file.open();
            CorruptionReport damage = new CorruptionReport(directory);
            Generations generations = new GenerationTable(connection).read();
            RecentEvents recent = recent(connection, generations, damage, recentBytes);
            long newest = new EventTable(connection).last();
            HeadFile head =
                    HeadFile.begin(directory.head(), generations.current().id(), newest);
            EventWriter writer = new EventWriter(connection, directory, retention, damage, head, newest, clock);
            writer.prepare();
            List<EventReader> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(new EventReader(file.reader(), generations, damage));
            }
            ReaderPool pool = new ReaderPool("herald-reader", readers, directory);
            ReaderPool expensive = new ReaderPool(
                    "herald-expensive-reader", List.of(new EventReader(file.reader(), generations, damage)), directory);
            Cursors cursors = new Cursors(Schema.readKey(connection), generations, recent);
            return new SqliteEventLog(
                    directory,
                    writer,
                    pool,
                    expensive,
                    recent,
                    cursors,
                    new Appender(writer, recent, maxWaiting, updates, clock, cursors));
        } catch (SQLException | IOException e) {
            directory.close();
            throw new EventLogException("The log in '" + directory + "' cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Reads the newest events without a gap, so that readers after a short absence are served from memory. */
    private static RecentEvents recent(
            Connection connection, Generations generations, CorruptionReport damage, long maxBytes)
            throws SQLException {
        List<Event> newest = new ArrayList<>();
        long seam = generations.lastSeam();
        long start = generations.current().start();
        long[] state = {start, 0};
        Visitor visitor = (position, event) -> {
            boolean missing = event.isEmpty() || position < state[0] && !newest.isEmpty();
            if (missing || position < seam) {
                return false;
            }
            Event found = event.get().event();
            newest.add(found);
            state[0] = event.get().previous();
            state[1] += found.heapBytes();
            return state[1] < maxBytes;
        };
        try {
            new EventTable(connection).downwards(visitor);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
        }
        Collections.reverse(newest);
        return new RecentEvents(Math.max(seam, state[0]), newest, start, maxBytes);
    }

    @Override
    public CompletionStage<Event> append(Update update) {
        return appender.append(update);
    }

    @Override
    public CompletionStage<Event> appendTransient(Update update) {
        return appender.appendTransient(update);
    }

    @Override
    public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
        return readers(selectors, List.of()).ask(reader -> reader.page(after, selectors, maxBytes));
    }

    /** Expensive selectors have a reader of their own, so that they delay only each other. */
    private ReaderPool readers(List<TopicSelector> selectors, List<TopicSelector> grants) {
        return TopicSelector.expensive(selectors) || TopicSelector.expensive(grants) ? expensiveReaders : readers;
    }

    @Override
    public CompletionStage<Lookback> lookBack(
            long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
        return readers(selectors, grants).ask(reader -> reader.lookBack(upTo, count, selectors, grants));
    }

    @Override
    public CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants) {
        return readers(List.of(), grants).ask(reader -> reader.find(id, grants));
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
    public boolean writable() {
        return appender.alive() && writer.writable();
    }

    @Override
    public void close() {
        appender.close();
        readers.close();
        expensiveReaders.close();
        try {
            // The last connection brings the write-ahead log into the database and removes it.
            writer.close();
        } catch (SQLException e) {
            LOG.errorf(e, "The log was not closed in good order. directory=%s", directory);
        }
        directory.close();
    }
}
