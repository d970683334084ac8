/**
 * Rows of the table of events and of its indexes: an event as columns with a checksum, and the queries. May know
 * {@code event}, a purge of {@code log}, the encodings of columns, and statements.
 *
 * <p>Invariants: no event is read from a row whose checksum is wrong. A query by topic uses hashes, so what it finds may be
 * of another topic with the same hash.
 *
 * <p>Start with {@link dev.herald.log.sqlite.rows.EventRow}, then {@link dev.herald.log.sqlite.rows.EventTable}.
 */
package dev.herald.log.sqlite.rows;
