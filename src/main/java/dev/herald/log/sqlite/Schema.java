package dev.herald.log.sqlite;

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
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.keys.KeyTable;

/**
 * Tables of the log, and their migrations. {@code PRAGMA user_version} is the number of migration steps applied to a
 * file. A released step is never edited; a new one is added.
 */
final class Schema {
    /** Marks the file as a log of Herald: "HRLD". */
    static final int APPLICATION_ID = 0x48524c44;

    /** Schema of this version. */
    static final Schema CURRENT =
            new Schema(List.of(blocks(), fields(), generations(), RevocationTable.creation(), KeyTable.SCHEMA));

    private static final String KEY = "cursor-key";

    /** Marks a backup; removed when the log is opened. */
    private static final String BACKUP = "backup";

    private final List<List<String>> steps;

    /** @param steps the statements of each step */
    Schema(List<List<String>> steps) {
        this.steps = List.copyOf(steps);
    }

    /** Events as finished blocks of an event stream. */
    private static List<String> blocks() {
        return List.of(
                // Values of the log as a whole: the key of its cursors.
                "CREATE TABLE log (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
                // 'frame' is the last column: those before it are read without its overflow pages. 'topic' is a hash of
                // the first topic. 'attributes' is reserved for later versions.
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
                // Positions without an event: never assigned, or lost.
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

    /**
     * Generations instead of holes (decision 171). A hole where events were lost becomes a seam. The event after a hole
     * names the one before the hole as its predecessor; other old rows are contiguous.
     */
    private static List<String> generations() {
        return List.of(
                """
                CREATE TABLE generation (
                  number INTEGER PRIMARY KEY, id INTEGER NOT NULL, start INTEGER NOT NULL, whole INTEGER NOT NULL,
                  boot TEXT NOT NULL, forced INTEGER NOT NULL, ended INTEGER NOT NULL)""",
                "INSERT INTO generation (id, start, whole, boot, forced, ended)"
                        + " SELECT 0, first, 0, '', 0, 1 FROM hole WHERE lost ORDER BY first",
                // The previous version had a row 'open' while it ran. A new log has no key yet.
                "INSERT INTO generation (id, start, whole, boot, forced, ended)"
                        + " SELECT 0, coalesce((SELECT max(first) FROM hole WHERE lost), 0), 1, '', 0,"
                        + " NOT EXISTS (SELECT 1 FROM log WHERE name = 'open') FROM log WHERE name = '" + KEY + "'",
                "UPDATE event SET previous = coalesce((SELECT earlier.position FROM event AS earlier"
                        + " WHERE earlier.position < event.position ORDER BY earlier.position DESC LIMIT 1),"
                        + " position - 1)"
                        + " WHERE position IN (SELECT last + 1 FROM hole)",
                "DELETE FROM log WHERE name = 'open'",
                "DROP TABLE hole");
    }

    /** This schema and one more step. */
    Schema with(List<String> step) {
        List<List<String>> longer = new ArrayList<>(steps);
        longer.add(step);
        return new Schema(longer);
    }

    /**
     * Applies the steps that the file lacks, all or none.
     *
     * @param name name of the file, for messages
     * @throws EventLogException if the file is not a log, or is one of a newer version
     */
    void migrate(Connection connection, String name) throws SQLException {
        int version = requireSupported(connection, name);
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

    /** Whether the file is a log, and of exactly this version. */
    boolean isOf(Connection connection) throws SQLException {
        return Sql.number(connection, "PRAGMA application_id") == APPLICATION_ID
                && Sql.number(connection, "PRAGMA user_version") == steps.size();
    }

    /**
     * Version of a file that {@link #migrate} accepts; 0 of a new one.
     *
     * @throws EventLogException as {@link #migrate}
     */
    int requireSupported(Connection connection, String name) throws SQLException {
        int version = (int) Sql.number(connection, "PRAGMA user_version");
        long application = Sql.number(connection, "PRAGMA application_id");
        if (application != APPLICATION_ID && (application != 0 || version != 0)) {
            throw new EventLogException(
                    "'" + name + "' is a database, but not a log of Herald: give the log a directory of"
                            + " its own (herald.log.file.path), or restore a copy if it was one.");
        }
        if (version > steps.size()) {
            throw new EventLogException("'" + name + "' was written by a newer Herald (schema " + version
                    + ", this version supports up to " + steps.size()
                    + "): run that version, restore a backup that this version has made, or give this one another"
                    + " directory (herald.log.file.path).");
        }
        if (version < 0) {
            throw Sql.damage("the schema version " + version + " is not one");
        }
        return version;
    }

    /** Records that the file is a backup, which ends before the log that it was made of. */
    static void markAsBackup(Connection connection) throws SQLException {
        Sql.execute(connection, "INSERT INTO log (name, value) VALUES ('" + BACKUP + "', x'01')");
    }

    /** Whether the file is a backup that no hub has opened. */
    static boolean isBackup(Connection connection) throws SQLException {
        return Sql.number(connection, "SELECT count(*) FROM log WHERE name = '" + BACKUP + "'") > 0;
    }

    /** Makes a backup an ordinary log. */
    static void removeBackupMark(Connection connection) throws SQLException {
        Sql.execute(connection, "DELETE FROM log WHERE name = '" + BACKUP + "'");
    }

    /** Stores the key of the cursors, which also identifies the log. */
    static void writeKey(Connection connection, byte[] key) throws SQLException {
        String hex = HexFormat.of().formatHex(key);
        Sql.execute(connection, "INSERT INTO log (name, value) VALUES ('" + KEY + "', x'" + hex + "')");
    }

    /** Generates a key for a new log. */
    static byte[] newKey() {
        byte[] key = new byte[CursorSeal.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** The key of the log's cursors; empty if it is missing. */
    static byte[] readKey(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT value FROM log WHERE name = '" + KEY + "'");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getBytes(1) : new byte[0];
        }
    }
}
