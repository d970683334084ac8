package dev.herald.logging;

import org.jboss.logging.Logger;

/**
 * Logger that never throws, for threads and loops that must continue: without memory, writing a line may fail, too.
 * Thread-safe.
 */
public record SafeLogger(Logger logger) {

    public static SafeLogger of(Class<?> type) {
        return new SafeLogger(Logger.getLogger(type));
    }

    /** Logs a failure, if possible. */
    public void error(String message, Throwable failure) {
        try {
            logger.error(message, failure);
        } catch (Throwable e) {
            // The caller must continue without the line.
        }
    }
}
