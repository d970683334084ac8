/**
 * Logging under failure: a {@link dev.herald.logging.SafeLogger} for code that must not fail, and a
 * {@link dev.herald.logging.WarningInterval} for repeated failures. May know no other package.
 */
package dev.herald.logging;
