package dev.herald.logging;

import org.jboss.logging.Logger;

/**
 * Logger for threads and loops that must go on: it never throws. Where memory is missing, there may be none for a line of
 * the log either. Thread-safe.
 */
public record SafeLogger(Logger logger) {

    /** The logger of a class. */
    public static SafeLogger of(Class<?> type) {
        return new SafeLogger(Logger.getLogger(type));
    }

    /** Logs a failure if that can be done. */
    public void error(String message, Throwable failure) {
        try {
            logger.error(message, failure);
        } catch (Throwable e) {
            // Going on matters more than the line.
        }
    }
}
