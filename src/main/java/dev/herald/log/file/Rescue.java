package dev.herald.log.file;

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

/**
 * Carries what can be read of a damaged database into a new one: the sound events at their positions, the key of the
 * cursors, and as holes all that is missing between them. Made for one run. Costs a walk through all events, and the space
 * of both files.
 */
final class Rescue {
    private static final long NO_END = Long.MAX_VALUE >> 1;
    private static final int EVENTS_A_STEP = 1_000;
    private static final Logger LOG = Logger.getLogger(Rescue.class);

    private final Connection from;
    private final Connection to;
    private final Damage damage;
    private final EventTable events;
    private final Prepared insert;
    private final Prepared insertAlternate;

    private Holes holes = new Holes(List.of());
    private long seen;
    private long reached;
    private long bytes;
    private boolean brokenEnd;

    Rescue(Connection from, Connection to, Damage damage) {
        this.from = from;
        this.to = to;
        this.damage = damage;
        this.events = new EventTable(from);
        this.insert = new Prepared(to, EventRow.INSERT);
        this.insertAlternate = new Prepared(to, "INSERT OR IGNORE INTO alternate (topic, position) VALUES (?, ?)");
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
     * Carries everything over.
     *
     * @param endLost whether events at the end are known to be lost
     * @param sizeBytes size of the damaged database
     * @throws SQLException as damage if not a single event can be read
     */
    void run(boolean endLost, long sizeBytes) throws SQLException {
        Schema.writeKey(to, key());
        holes = holes();
        boolean more = true;
        while (more) {
            Sql.execute(to, "BEGIN");
            more = step();
            Sql.execute(to, "COMMIT");
        }
        if (reached == 0) {
            throw Sql.damage("not a single event of it can be read");
        }
        boolean lost = endLost || brokenEnd || seen > reached;
        long last = Math.max(seen, reached) + sizeBytes;
        new Holes.Hole(reached + 1, last, lost).write(to);
        if (lost) {
            damage.lost(reached + 1, last);
        }
    }

    /** Carries some events over; false at the end. */
    private boolean step() throws SQLException {
        List<Event> sound = new ArrayList<>();
        boolean more;
        try {
            more = !events.upwards(seen, NO_END, (position, event) -> {
                event.map(StoredEvent::event).ifPresent(sound::add);
                seen = Math.max(seen, position);
                return sound.size() < EVENTS_A_STEP;
            });
        } catch (SQLException e) {
            OptionalLong next = events.readableAfter(seen, NO_END);
            brokenEnd = next.isEmpty();
            more = next.isPresent();
            seen = next.isPresent() ? Math.max(seen + 1, next.getAsLong() - 1) : seen;
        }
        for (Event event : sound) {
            add(event);
        }
        return more;
    }

    private void add(Event event) throws SQLException {
        if (event.position() <= reached) {
            // A damaged tree may lead to the same rows twice.
            return;
        }
        if (reached > 0 && event.position() > holes.behind(reached) + 1) {
            new Holes.Hole(reached + 1, event.position() - 1, true).write(to);
            damage.lost(reached + 1, event.position() - 1);
        }
        insert.use(row -> {
            EventRow.bind(row, event, bytes);
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
        LOG.error("The key of the log's cursors is lost: subscribers that come back with a cursor are told of a gap.");
        return Schema.newKey();
    }

    private Holes holes() throws SQLException {
        try {
            Holes found = Holes.read(from);
            found.write(to);
            return found;
        } catch (SQLException e) {
            LOG.debug("The known holes cannot be read, and count as losses.", e);
            return new Holes(List.of());
        }
    }
}
