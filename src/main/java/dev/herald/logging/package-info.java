/**
 * Logging under failure and under attack. {@link dev.herald.logging.SafeLogger} is for code that must not fail. {@link
 * dev.herald.logging.WarningEpisodes} and {@link dev.herald.logging.WarningInterval} are for what repeats or lasts,
 * {@link dev.herald.logging.MinuteLog} for what clients cause at will. May know no other package.
 */
package dev.herald.logging;
