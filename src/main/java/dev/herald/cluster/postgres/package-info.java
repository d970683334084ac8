/**
 * Shared log on PostgreSQL (decision 307): the row {@code herald.log} gives the order, and a batch is one statement, so
 * that no node that stops can keep a lock.
 *
 * <p>Invariants: positions are dense, and their order is the order of the commits. A statement without an answer is
 * repeated with its token, and done once. Nothing here is opened unless the log is of this kind.
 *
 * <p>Start with {@link dev.herald.cluster.postgres.PostgresLog} and {@link
 * dev.herald.cluster.postgres.PostgresSchema}, which an operator reads, too.
 */
package dev.herald.cluster.postgres;
