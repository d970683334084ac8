package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.herald.log.Generation;
import dev.herald.log.Generations;
import dev.herald.log.sqlite.PreviousRun.Run;
import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.HeadFile.Head;
import dev.herald.log.sqlite.files.Sql;

/**
 * Table of generations: one row for each start, with the facts about its run that the next start needs. Rows are
 * removed once retention has passed them, and beyond the newest {@value #MAX_GENERATIONS}. Used before the log is open
 * and after it is closed.
 */
final class GenerationTable {
    /** Cursors of older generations are not opened. */
    static final int MAX_GENERATIONS = 1_000;

    private static final long HIGHEST_START = Long.MAX_VALUE >> 1;

    private final Connection connection;

    GenerationTable(Connection connection) {
        this.connection = connection;
    }

    /** All generations, oldest first; the last one is running. */
    Generations read() throws SQLException {
        return new Generations(runs().stream().map(Run::generation).toList());
    }

    /** Number of the running generation: that of the starts of this log so far. */
    long number() throws SQLException {
        return Sql.number(connection, "SELECT max(number) FROM generation");
    }

    /**
     * Begins a generation.
     *
     * @param newest position of the newest event, 0 without one
     * @param horizon horizon of retention
     * @param acknowledged content of the head file
     * @param forced whether this run forces each batch to the disk
     * @return state of the previous run
     */
    PreviousRun begin(long newest, long horizon, Optional<Head> acknowledged, BootId boot, boolean forced)
            throws SQLException {
        List<Run> runs = runs();
        PreviousRun previous =
                Schema.isBackup(connection) ? PreviousRun.RESTORED : PreviousRun.of(runs, newest, acknowledged, boot);
        begin(runs, previous, newest, horizon, acknowledged, boot, forced);
        return previous;
    }

    /** Begins a generation of a mirror: the shared log has what the previous run may have lost. */
    void beginMirror(long newest, long horizon, BootId boot, boolean forced) throws SQLException {
        begin(runs(), PreviousRun.WHOLE, newest, horizon, Optional.empty(), boot, forced);
    }

    private void begin(
            List<Run> runs,
            PreviousRun previous,
            long newest,
            long horizon,
            Optional<Head> acknowledged,
            BootId boot,
            boolean forced)
            throws SQLException {
        long last = Math.max(
                newest,
                runs.isEmpty() ? 0 : runs.get(runs.size() - 1).generation().start());
        long start = previous.whole()
                ? last
                : Math.max(last, acknowledged.map(Head::position).orElse(0L)) + 1;
        Generation generation = new Generation(
                Generations.newId(runs.stream().map(Run::generation).toList()), start, previous.whole());
        Sql.execute(connection, "BEGIN IMMEDIATE");
        insert(new Run(0, generation, boot, forced, false));
        if (!previous.whole() && newest < last) {
            // There is no event after the last seam, so the new seam replaces it.
            Sql.execute(connection, "UPDATE generation SET whole = 1 WHERE start = " + last);
        }
        prune(runs, generation, horizon);
        Schema.removeBackupMark(connection);
        Sql.execute(connection, "COMMIT");
        // Checkpoint: a copy of the database without its write-ahead log must not look like a closed one.
        Sql.pragma(connection, "wal_checkpoint(PASSIVE)");
    }

    /** Marks the running generation as closed, after a checkpoint. Needs no disk space. */
    void end() throws SQLException {
        Sql.pragma(connection, "wal_checkpoint(RESTART)");
        Sql.execute(connection, "UPDATE generation SET ended = 1 WHERE number = (SELECT max(number) FROM generation)");
    }

    /**
     * Copies the generations to the log that a rescue creates.
     *
     * @param whole whether the end of this log could be read
     */
    void copyTo(Connection other, boolean whole) throws SQLException {
        GenerationTable copy = new GenerationTable(other);
        for (Run run : runs()) {
            copy.insert(whole ? run : new Run(run.number(), run.generation(), new BootId(""), false, false));
        }
    }

    /** Writes a generation without cursors. The next start assumes that events are missing after it. */
    void insertUnknown() throws SQLException {
        insert(new Run(0, new Generation(Generation.EXPIRED, 0, true), new BootId(""), false, false));
    }

    private List<Run> runs() throws SQLException {
        List<Run> runs = new ArrayList<>();
        long before = 0;
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT number, id, start, whole, boot, forced, ended FROM generation ORDER BY number");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Generation generation = new Generation(row.getLong(2), row.getLong(3), row.getBoolean(4));
                if (generation.start() < before || generation.start() > HIGHEST_START) {
                    throw Sql.damage("the generations are not in order");
                }
                before = generation.start();
                runs.add(new Run(
                        row.getLong(1),
                        generation,
                        new BootId(row.getString(5)),
                        row.getBoolean(6),
                        row.getBoolean(7)));
            }
        }
        return runs;
    }

    private void insert(Run run) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO generation (id, start, whole, boot, forced, ended) VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, run.generation().id());
            insert.setLong(2, run.generation().start());
            insert.setBoolean(3, run.generation().whole());
            insert.setString(4, run.boot().value());
            insert.setBoolean(5, run.forced());
            insert.setBoolean(6, run.ended());
            insert.executeUpdate();
        }
    }

    /** Removes generations that end before the horizon, and the oldest. A seam that can still be crossed stays. */
    private void prune(List<Run> runs, Generation newest, long horizon) throws SQLException {
        for (int i = 0; i < runs.size(); i++) {
            Generation generation = runs.get(i).generation();
            long end = i + 1 < runs.size() ? runs.get(i + 1).generation().start() : newest.start();
            if (end >= horizon && i >= runs.size() - (MAX_GENERATIONS - 1)) {
                return;
            }
            boolean isSeam = !generation.whole() && generation.start() >= horizon;
            Sql.execute(
                    connection,
                    (isSeam ? "UPDATE generation SET id = " + Generation.EXPIRED : "DELETE FROM generation")
                            + " WHERE number = " + runs.get(i).number());
        }
    }
}
