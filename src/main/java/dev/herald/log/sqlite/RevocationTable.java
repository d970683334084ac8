package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.sqlite.files.Sql;

/** Table of revocations. Used by one thread at a time, within the transactions of its caller. */
final class RevocationTable {
    /** Of two revocations of one target, the one that ends later. */
    private static final String MERGE = "INSERT INTO revocation (kind, value, since, until) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (kind, value) DO UPDATE SET since = excluded.since, until = excluded.until"
            + " WHERE excluded.until > until";

    private static final String PUT =
            "INSERT OR REPLACE INTO revocation (kind, value, since, until) VALUES (?, ?, ?, ?)";

    private static final Logger LOG = Logger.getLogger(RevocationTable.class);

    private final Connection connection;

    RevocationTable(Connection connection) {
        this.connection = connection;
    }

    /** Statements that create the table. */
    static List<String> creation() {
        return List.of("""
                CREATE TABLE revocation (
                  kind INTEGER NOT NULL, value TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
                  PRIMARY KEY (kind, value)) WITHOUT ROWID""");
    }

    /**
     * All that have not ended.
     *
     * @throws SQLException as damage if a single one is damaged
     */
    List<Revocation> read(Instant now) throws SQLException {
        Map<Target, Revocation> valid = new LinkedHashMap<>();
        if (read("ASC", now, valid) > 0) {
            throw Sql.damage("a revocation is damaged");
        }
        return List.copyOf(valid.values());
    }

    /** Those that can be read, from either end of a damaged table. */
    Found salvage() {
        Map<Target, Revocation> valid = new LinkedHashMap<>();
        try {
            int damaged = read("ASC", Instant.EPOCH, valid);
            return new Found(List.copyOf(valid.values()), damaged, true);
        } catch (SQLException e) {
            LOG.debug("The table of revocations cannot be read to its end.", e);
        }
        try {
            read("DESC", Instant.EPOCH, valid);
        } catch (SQLException e) {
            LOG.debug("The table of revocations cannot be read to its beginning.", e);
        }
        return new Found(List.copyOf(valid.values()), 0, false);
    }

    /** Adds valid revocations, until a page cannot be read. Returns the number of rows that are none. */
    private int read(String order, Instant now, Map<Target, Revocation> valid) throws SQLException {
        int damaged = 0;
        try (PreparedStatement select =
                connection.prepareStatement("SELECT kind, value, since, until FROM revocation WHERE until > ?"
                        + " ORDER BY kind " + order + ", value " + order)) {
            select.setLong(1, now.toEpochMilli());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Optional<Revocation> revocation = revocation(row);
                    revocation.ifPresent(found -> valid.put(found.target(), found));
                    damaged += revocation.isPresent() ? 0 : 1;
                }
            }
        }
        return damaged;
    }

    private static Optional<Revocation> revocation(ResultSet row) throws SQLException {
        int kind = row.getInt(1);
        String value = row.getString(2);
        if (kind < 0 || kind >= Kind.values().length || value == null || !Target.fits(value)) {
            return Optional.empty();
        }
        return Optional.of(new Revocation(
                new Target(Kind.values()[kind], value),
                Instant.ofEpochMilli(row.getLong(3)),
                Instant.ofEpochMilli(row.getLong(4))));
    }

    /**
     * Revocations of a table.
     *
     * @param damaged number of rows that are no revocation
     * @param complete whether all rows were read
     */
    record Found(List<Revocation> valid, int damaged, boolean complete) {

        /** Logs a loss: the operator must act. */
        void report() {
            if (damaged > 0 || !complete) {
                LOG.errorf(
                        "Revocations of the log are lost, since its file is damaged: revoke again what the list of"
                                + " revocations does not have. kept=%d lost=%s",
                        valid.size(), complete ? damaged : "unknown");
            }
        }
    }

    /** Stores a revocation in place of an earlier one of its target. */
    void put(Revocation revocation) throws SQLException {
        write(PUT, revocation);
    }

    /** Stores revocations of another log. */
    void merge(List<Revocation> revocations) throws SQLException {
        for (Revocation revocation : revocations) {
            write(MERGE, revocation);
        }
    }

    private void write(String sql, Revocation revocation) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setInt(1, revocation.target().kind().ordinal());
            insert.setString(2, revocation.target().value());
            insert.setLong(3, revocation.since().toEpochMilli());
            insert.setLong(4, revocation.until().toEpochMilli());
            insert.executeUpdate();
        }
    }

    void delete(Target target) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM revocation WHERE kind = ? AND value = ?")) {
            delete.setInt(1, target.kind().ordinal());
            delete.setString(2, target.value());
            delete.executeUpdate();
        }
    }

    void deleteEnded(Instant now) throws SQLException {
        Sql.execute(connection, "DELETE FROM revocation WHERE until <= " + now.toEpochMilli());
    }

    /** End of the one that ends first; far in the future without one. */
    Instant firstEnd() throws SQLException {
        return Instant.ofEpochMilli(
                Sql.number(connection, "SELECT coalesce(min(until), " + (Long.MAX_VALUE >> 1) + ") FROM revocation"));
    }
}
