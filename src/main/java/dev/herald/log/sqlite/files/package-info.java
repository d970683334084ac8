/**
 * Files of the log and connections to them: the locked directory, permissions, the head file, and how a database is
 * opened and a statement is run. May know the errors of {@code log} only; knows neither tables nor events.
 *
 * <p>Start with {@link dev.herald.log.sqlite.files.LogDirectory}.
 */
package dev.herald.log.sqlite.files;
