/**
 * Event log in local files: SQLite with a write-ahead log, one writing connection and a few reading ones. May know
 * {@code log}, {@code log.local} and its own rooms.
 *
 * <p>Invariants: one process at a time ({@link dev.herald.log.sqlite.files.LogDirectory}); only the appender's thread
 * writes, and only it checkpoints the write-ahead log. A reader sees complete commits. No event with a wrong checksum
 * is delivered. A reader gets a gap where acknowledged events may be missing.
 *
 * <p>Start with {@link dev.herald.log.sqlite.SqliteEventLog}, then {@link dev.herald.log.sqlite.EventWriter} and
 * {@link dev.herald.log.sqlite.EventReader}. The schema is in {@link dev.herald.log.sqlite.Schema}, the rows of
 * events in {@link dev.herald.log.sqlite.rows.EventRow}, the reasons in decisions 020, 170, 171 and 172.
 */
package dev.herald.log.sqlite;
