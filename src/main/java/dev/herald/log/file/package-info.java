/**
 * The log in files of one machine: SQLite with a write-ahead log, one writing connection, a few reading ones.
 *
 * <p>Invariants: one process at a time ({@link dev.herald.log.file.LogDirectory}); only the appender's thread writes, and
 * only it moves pages from the write-ahead log into the database; a reader sees whole commits; no event is handed out
 * whose checksum is wrong; a position is never given twice, not even after a crash that took the events at the end.
 *
 * <p>Start with {@link dev.herald.log.file.SqliteEventLog}, then {@link dev.herald.log.file.EventWriter} and
 * {@link dev.herald.log.file.EventReader}. The schema is in {@link dev.herald.log.file.Schema}, the reasons in decision
 * 020.
 */
package dev.herald.log.file;
