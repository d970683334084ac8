/**
 * Log lines in difficult places: a {@link dev.herald.logging.SafeLogger} for code that must not fail, and a
 * {@link dev.herald.logging.WarningInterval} for failures that repeat. May know no other package.
 */
package dev.herald.logging;
