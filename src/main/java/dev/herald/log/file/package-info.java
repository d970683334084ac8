/**
 * The log in files of one machine: SQLite with a write-ahead log, one writing connection, a few reading ones.
 *
 * <p>Invariants: one process at a time ({@link dev.herald.log.file.LogDirectory}); only the appender's thread writes, and
 * only it moves pages from the write-ahead log into the database; a reader sees whole commits; no event is handed out
 * whose checksum is wrong; a reader that passes a place where answered events may be missing is told of a gap.
 *
 * <p>Start with {@link dev.herald.log.file.SqliteEventLog}, then {@link dev.herald.log.file.EventWriter} and
 * {@link dev.herald.log.file.EventReader}. The schema is in {@link dev.herald.log.file.Schema}, the reasons in decisions
 * 020, 170 and 171.
 */
package dev.herald.log.file;
