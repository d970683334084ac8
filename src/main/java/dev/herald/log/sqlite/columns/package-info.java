/**
 * Encodings of columns of the event table: ids, topics and times. May know {@code event}. Start with
 * {@link dev.herald.log.sqlite.columns.TopicsColumn}.
 */
package dev.herald.log.sqlite.columns;
