package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.log.CursorSeal;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.Sql;

/**
 * Copy of the readable content of a damaged database into a new one: events at their positions, the key of the cursors, and
 * the generations. Each event names the one before it, so readers detect gaps. For one run (decision 172). Reads all events,
 * and needs the space of both files.
 */
final class Rescue {
    private static final long NO_END = Long.MAX_VALUE >> 1;
    private static final int EVENTS_A_STEP = 1_000;
    private static final Logger LOG = Logger.getLogger(Rescue.class);

    private final Connection from;
    private final Connection to;
    private final CorruptionReport damage;
    private final EventTable events;
    private final RetryingStatement insert;
    private final RetryingStatement insertAlternate;

    private long seen;
    private long reached;
    private long bytes;
    private boolean brokenEnd;

    Rescue(Connection from, Connection to, CorruptionReport damage) {
        this.from = from;
        this.to = to;
        this.damage = damage;
        this.events = new EventTable(from);
        this.insert = new RetryingStatement(to, EventRow.INSERT);
        this.insertAlternate =
                new RetryingStatement(to, "INSERT OR IGNORE INTO alternate (topic, position) VALUES (?, ?)");
    }

    /**
     * Copies the damaged database and its write-ahead log to names that are free, for the rescue to read and the operator
     * to keep: to open a database is to change it.
     */
    static Path setAside(LogDirectory directory) throws IOException {
        Path file = directory.database();
        int number = 1;
        while (Files.exists(damaged(file, number))) {
            number++;
        }
        Path copy = damaged(file, number);
        Path writeAheadLog = LogDirectory.writeAheadLog(file);
        if (Files.exists(writeAheadLog)) {
            Files.copy(writeAheadLog, LogDirectory.writeAheadLog(copy));
        }
        return Files.copy(file, copy);
    }

    private static Path damaged(Path file, int number) {
        return file.resolveSibling("herald-damaged-" + number + ".db");
    }

    /**
     * Copies everything.
     *
     * @throws SQLException as damage if not a single event can be read
     */
    void run() throws SQLException {
        Schema.writeKey(to, key());
        boolean more = true;
        while (more) {
            Sql.execute(to, "BEGIN");
            more = step();
            Sql.execute(to, "COMMIT");
        }
        if (reached == 0) {
            throw Sql.damage("not a single event of it can be read");
        }
        generations(!brokenEnd && seen <= reached);
    }

    /** Copies some events; false at the end. */
    private boolean step() throws SQLException {
        List<StoredEvent> sound = new ArrayList<>();
        boolean more;
        try {
            more = !events.upwards(seen, NO_END, (position, event) -> {
                event.ifPresent(sound::add);
                seen = Math.max(seen, position);
                return sound.size() < EVENTS_A_STEP;
            });
        } catch (SQLException e) {
            OptionalLong next = events.readableAfter(seen, NO_END);
            brokenEnd = next.isEmpty();
            more = next.isPresent();
            seen = next.isPresent() ? Math.max(seen + 1, next.getAsLong() - 1) : seen;
        }
        for (StoredEvent event : sound) {
            add(event);
        }
        return more;
    }

    private void add(StoredEvent stored) throws SQLException {
        if (stored.position() <= reached) {
            // A damaged tree may lead to the same rows twice.
            return;
        }
        if (reached > 0 && stored.previous() > reached) {
            damage.lost(reached + 1, stored.position() - 1);
        }
        Event event = stored.event();
        insert.use(row -> {
            EventRow.bind(row, event, stored.previous(), bytes);
            return row.executeUpdate();
        });
        for (Topic alternate : event.topics().subList(1, event.topics().size())) {
            insertAlternate.update(EventRow.hash(alternate), event.position());
        }
        bytes += event.size();
        reached = event.position();
    }

    private byte[] key() {
        try {
            byte[] key = Schema.readKey(from);
            if (key.length == CursorSeal.KEY_BYTES) {
                return key;
            }
        } catch (SQLException e) {
            LOG.debug("The key cannot be read.", e);
        }
        LOG.error("The key of the log's cursors is lost: subscribers that resume by a cursor get a gap.");
        return Schema.newKey();
    }

    private void generations(boolean whole) throws SQLException {
        try {
            new GenerationTable(from).copyTo(to, whole);
        } catch (SQLException e) {
            LOG.error("The log's generations are lost: subscribers that resume by a cursor get a gap.", e);
            Sql.execute(to, "DELETE FROM generation");
            new GenerationTable(to).insertUnknown();
        }
    }
}
