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

import dev.herald.event.Event;
import dev.herald.identity.Revocation;
import dev.herald.log.Cursors;
import dev.herald.log.EventLogException;
import dev.herald.log.Generations;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.LogIdentity;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.HeadFile;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.rows.EventTable;
import dev.herald.log.sqlite.rows.EventTable.Visitor;

/** Opening of the log in a directory: locks it, opens or creates its file, and reads the newest events. Stateless. */
final class LogOpening {
    private static final int READERS = 2;

    /** Placeholders are not kept in memory, but reading them takes time. */
    private static final int PLACEHOLDER_BYTES = 100;

    private final ConnectionSource source;
    private final BootId boot;
    private final Optional<LogIdentity> shared;
    private final Durability durability;
    private final Clock clock;

    /**
     * @param boot identifies the running system, as {@link BootId#current()} does
     * @param shared the log of which this one is the mirror
     */
    LogOpening(ConnectionSource source, BootId boot, Optional<LogIdentity> shared, Durability durability, Clock clock) {
        this.source = source;
        this.boot = boot;
        this.shared = shared;
        this.durability = durability;
        this.clock = clock;
    }

    /**
     * Opens the log, or creates it.
     *
     * @param recentBytes memory for the newest events, in bytes
     * @throws EventLogException if it cannot be opened; the message says what to do
     */
    OpenLog open(Path path, Retention retention, long recentBytes) {
        LogDirectory directory = LogDirectory.lock(path);
        try {
            LogFile file = new LogFile(directory, source, durability, Schema.CURRENT, boot, shared);
            Connection connection = file.open();
            CorruptionReport damage = new CorruptionReport(directory);
            GenerationTable starts = new GenerationTable(connection);
            Generations own = starts.read();
            Generations generations = shared.map(LogIdentity::generations).orElse(own);
            long newest = new EventTable(connection).last();
            RecentEvents recent = recent(connection, generations, newest, damage, recentBytes);
            HeadFile head = HeadFile.begin(directory.head(), own.current().id(), newest);
            EventWriter writer = new EventWriter(connection, directory, retention, damage, head, newest, clock);
            writer.prepare();
            writer.logContents(starts.number());
            List<EventReader> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(new EventReader(file.reader(), generations, damage));
            }
            ReaderPool pool = new ReaderPool("herald-reader", readers, directory);
            ReaderPool expensive = new ReaderPool(
                    "herald-expensive-reader", List.of(new EventReader(file.reader(), generations, damage)), directory);
            List<Revocation> revocations = new RevocationTable(connection).read(clock.instant());
            Cursors cursors = new Cursors(Schema.readKey(connection), generations, recent);
            return new OpenLog(directory, writer, pool, expensive, recent, cursors, revocations);
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
            Connection connection, Generations generations, long last, CorruptionReport damage, long maxBytes)
            throws SQLException {
        List<Event> newest = new ArrayList<>();
        long seam = generations.lastSeam();
        // A shared log has events of the running generation before this node starts.
        long start = Math.max(generations.current().start(), last);
        long[] state = {start, 0};
        boolean[] any = {false};
        Visitor visitor = (position, event) -> {
            boolean missing = event.isEmpty() || position < state[0] && any[0];
            if (missing || position < seam) {
                return false;
            }
            any[0] = true;
            state[0] = event.get().previous();
            if (!event.get().isPurged()) {
                Event found = event.get().event();
                newest.add(found);
                state[1] += found.heapBytes();
            } else {
                state[1] += PLACEHOLDER_BYTES;
            }
            return state[1] < maxBytes;
        };
        try {
            new EventTable(connection).descending(visitor);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
        }
        Collections.reverse(newest);
        return new RecentEvents(Math.max(seam, state[0]), newest, start, maxBytes);
    }

    /**
     * Parts of an open log. Their owner closes them.
     *
     * @param recent its newest events
     * @param revocations those in force
     */
    record OpenLog(
            LogDirectory directory,
            EventWriter writer,
            ReaderPool readers,
            ReaderPool expensiveReaders,
            RecentEvents recent,
            Cursors cursors,
            List<Revocation> revocations) {}
}
