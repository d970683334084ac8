/**
 * The log in files of one machine: SQLite with a write-ahead log, one writing connection and a few reading ones. May know
 * {@code log}, {@code log.local} and its own files.
 *
 * <p>Invariants: one process at a time ({@link dev.herald.log.sqlite.files.LogDirectory}); only the appender's thread writes,
 * and only it moves pages from the write-ahead log into the database; a reader sees whole commits; no event with a wrong
 * checksum is delivered; a reader that passes a place where answered events may be missing gets a gap.
 *
 * <p>Start with {@link dev.herald.log.sqlite.SqliteEventLog}, then {@link dev.herald.log.sqlite.EventWriter} and
 * {@link dev.herald.log.sqlite.EventReader}. The schema is in {@link dev.herald.log.sqlite.Schema}, the reasons in decisions
 * 020, 170, 171 and 172.
 */
package dev.herald.log.sqlite;
