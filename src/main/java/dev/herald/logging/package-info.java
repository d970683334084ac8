/**
 * Logging under failure: a {@link dev.herald.logging.SafeLogger} for code that must not fail, and a
 * {@link dev.herald.logging.WarningEpisodes} and {@link dev.herald.logging.WarningInterval} for what repeats or lasts. May
 * know no other package.
 */
package dev.herald.logging;
