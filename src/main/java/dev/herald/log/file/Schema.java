package dev.herald.log.file;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import dev.herald.log.CursorSeal;
import dev.herald.log.EventLogException;

/**
 * The tables, step by step as versions of Herald changed them. {@code PRAGMA user_version} says how many steps a file has
 * taken. A step is never edited once it was released; a new one is added.
 */
final class Schema {
    /** Marks the file as a log of Herald: "HRLD". */
    static final int APPLICATION_ID = 0x48524c44;

    /** All steps there are. */
    static final Schema CURRENT = new Schema(List.of(blocks(), fields()));

    private static final String KEY = "cursor-key";
    private static final String OPEN = "open";

    private final List<List<String>> steps;

    /** @param steps the statements of each step */
    Schema(List<List<String>> steps) {
        this.steps = List.copyOf(steps);
    }

    /** Events as finished blocks of an event stream. */
    private static List<String> blocks() {
        return List.of(
                // What belongs to the log as a whole: the key of its cursors.
                "CREATE TABLE log (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
                // 'frame' comes last: what stands before it is read without following its overflow pages. 'topic' is a
                // hash
                // of the first topic; 'attributes' is for what later versions know of an event.
                """
            CREATE TABLE event (
              position INTEGER PRIMARY KEY, accepted INTEGER NOT NULL, bytes_before INTEGER NOT NULL,
              flags INTEGER NOT NULL, topic INTEGER NOT NULL, checksum INTEGER NOT NULL, id BLOB NOT NULL,
              topics TEXT NOT NULL, attributes BLOB, frame BLOB NOT NULL)""",
                "CREATE INDEX event_id ON event (id)",
                "CREATE INDEX event_topic ON event (topic)",
                // The topics of an event after its first.
                "CREATE TABLE alternate (topic INTEGER, position INTEGER, PRIMARY KEY (topic, position)) WITHOUT ROWID",
                "CREATE INDEX alternate_position ON alternate (position)",
                // Positions at which no event stands: never given out, or lost.
                "CREATE TABLE hole (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, lost INTEGER NOT NULL)");
    }

    /** Events as fields (decision 170). Changes the description of the table only, whatever the number of its rows. */
    private static List<String> fields() {
        return List.of(
                "ALTER TABLE event RENAME COLUMN frame TO data",
                "ALTER TABLE event RENAME COLUMN attributes TO previous",
                "ALTER TABLE event ADD COLUMN type TEXT",
                "ALTER TABLE event ADD COLUMN retry INTEGER");
    }

    /** This schema and one more step. */
    Schema with(List<String> step) {
        List<List<String>> longer = new ArrayList<>(steps);
        longer.add(step);
        return new Schema(longer);
    }

    /**
     * Takes the steps that the file has not taken yet, all or none.
     *
     * @param name the file's, for the message
     * @throws EventLogException if the file is no log, or one that a newer version made
     */
    void migrate(Connection connection, String name) throws SQLException {
        int version = (int) Sql.number(connection, "PRAGMA user_version");
        long application = Sql.number(connection, "PRAGMA application_id");
        if (application != APPLICATION_ID && (application != 0 || version != 0)) {
            throw new EventLogException(
                    "'" + name + "' is a database, but no log of Herald: give the log a directory of"
                            + " its own (herald.log.file.path).");
        }
        if (version > steps.size()) {
            throw new EventLogException("'" + name + "' was written by a newer Herald (schema " + version
                    + ", this one knows " + steps.size() + "): run that version, or give this one another directory"
                    + " (herald.log.file.path).");
        }
        if (version == steps.size()) {
            return;
        }
        Sql.execute(connection, "BEGIN IMMEDIATE");
        for (List<String> step : steps.subList(version, steps.size())) {
            for (String statement : step) {
                Sql.execute(connection, statement);
            }
        }
        Sql.execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
        Sql.execute(connection, "PRAGMA user_version = " + steps.size());
        Sql.execute(connection, "COMMIT");
    }

    /** Gives a new log the key of its cursors, by which it is told from every other. */
    static void writeKey(Connection connection, byte[] key) throws SQLException {
        String hex = HexFormat.of().formatHex(key);
        Sql.execute(connection, "INSERT INTO log (name, value) VALUES ('" + KEY + "', x'" + hex + "')");
    }

    /**
     * Marks the log as open, in the database itself and not in the write-ahead log only: an open log has a write-ahead log,
     * so if that is missing at the next start, it was taken away.
     */
    static void markOpen(Connection connection) throws SQLException {
        Sql.execute(connection, "INSERT OR REPLACE INTO log (name, value) VALUES ('" + OPEN + "', x'01')");
        Sql.pragma(connection, "wal_checkpoint(PASSIVE)");
    }

    /** Takes the mark away, when everything is in the database. The space for it is that of what stands there already. */
    static void markClosed(Connection connection) throws SQLException {
        Sql.pragma(connection, "wal_checkpoint(RESTART)");
        Sql.execute(connection, "DELETE FROM log WHERE name = '" + OPEN + "'");
    }

    /** Whether the log was not closed in good order. */
    static boolean isOpen(Connection connection) throws SQLException {
        return Sql.number(connection, "SELECT count(*) FROM log WHERE name = '" + OPEN + "'") > 0;
    }

    /** A key for a log that begins now. */
    static byte[] newKey() {
        byte[] key = new byte[CursorSeal.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** The key of the log's cursors; empty if it is gone. */
    static byte[] readKey(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT value FROM log WHERE name = '" + KEY + "'");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getBytes(1) : new byte[0];
        }
    }
}
