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

import dev.herald.log.CursorSeal;
import dev.herald.log.sqlite.files.LogDirectory;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.keys.KeyTable;
import dev.herald.log.sqlite.rows.EventTable;
import dev.herald.log.sqlite.rows.StoredEvent;

/**
 * Recovery of a damaged database: copies its readable content into a new one. These are events at their positions,
 * idempotency keys, the key of the cursors, the generations, and the revocations. Each event names the one before it,
 * so readers detect gaps. Single use (decision 172). Reads all events, and needs the space of both files.
 */
final class Rescue {
    private static final long NO_END = Long.MAX_VALUE >> 1;
    private static final int EVENTS_A_STEP = 1_000;
    private static final Logger LOG = Logger.getLogger(Rescue.class);

    private final Connection from;
    private final Connection to;
    private final CorruptionReport damage;
    private final EventTable events;
    private final EventCopy copy;

    private long seen;
    private boolean brokenEnd;

    Rescue(Connection from, Connection to, CorruptionReport damage) {
        this.from = from;
        this.to = to;
        this.damage = damage;
        this.events = new EventTable(from);
        this.copy = new EventCopy(to);
    }

    /**
     * Copies the damaged database and its write-ahead log to unused names. The rescue reads the copies, since opening a
     * database changes it; the operator may keep them.
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
     * @throws SQLException as damage if no event can be read
     */
    void run() throws SQLException {
        Schema.writeKey(to, key());
        boolean more = true;
        while (more) {
            Sql.execute(to, "BEGIN");
            more = step();
            copy.recordPurged();
            Sql.execute(to, "COMMIT");
        }
        if (copy.reached() == 0) {
            throw Sql.damage("not a single event of it can be read");
        }
        generations(!brokenEnd && seen <= copy.reached());
        revocations();
        idempotencyKeys();
    }

    private void revocations() throws SQLException {
        RevocationTable.Found found = new RevocationTable(from).salvage();
        found.report();
        new RevocationTable(to).merge(found.valid());
    }

    /** Copies some events; false at the end. */
    private boolean step() throws SQLException {
        List<StoredEvent> readable = new ArrayList<>();
        boolean more;
        try {
            more = !events.ascending(seen, NO_END, (position, event) -> {
                event.ifPresent(readable::add);
                seen = Math.max(seen, position);
                return readable.size() < EVENTS_A_STEP;
            });
        } catch (SQLException e) {
            OptionalLong next = events.readableAfter(seen, NO_END);
            brokenEnd = next.isEmpty();
            more = next.isPresent();
            seen = next.isPresent() ? Math.max(seen + 1, next.getAsLong() - 1) : seen;
        }
        for (StoredEvent event : readable) {
            add(event);
        }
        return more;
    }

    private void add(StoredEvent stored) throws SQLException {
        if (stored.position() <= copy.reached()) {
            // A damaged B-tree may return a row twice.
            return;
        }
        if (copy.reached() > 0 && stored.previous() > copy.reached()) {
            damage.lost(copy.reached() + 1, stored.position() - 1);
        }
        copy.add(stored);
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

    private void idempotencyKeys() throws SQLException {
        long lost;
        try {
            lost = new KeyTable(from).copyTo(to, NO_END);
        } catch (SQLException e) {
            if (!Sql.damaged(e)) {
                throw e;
            }
            LOG.debug("The idempotency keys cannot be read.", e);
            lost = 1;
        }
        if (lost > 0) {
            LOG.error(
                    "Idempotency keys of the log are lost: a publisher that sends an update again may publish it twice.");
        }
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
