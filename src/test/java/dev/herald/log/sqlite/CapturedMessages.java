package dev.herald.log.sqlite;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log handler that captures formatted messages instead of printing them, while it is open. */
final class CapturedMessages extends Handler implements AutoCloseable {
    private final Logger logger;
    private final Level lowest;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    /**
     * @param category log category, including its children
     * @param lowest level of the messages that are kept; others are dropped
     */
    CapturedMessages(String category, Level lowest) {
        this.logger = Logger.getLogger(category);
        this.lowest = lowest;
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    List<String> messages() {
        return messages;
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= lowest.intValue()) {
            messages.add(String.format(entry.getMessage(), entry.getParameters()));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
