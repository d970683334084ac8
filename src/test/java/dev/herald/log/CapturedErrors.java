package dev.herald.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log handler that captures expected records at WARN and above instead of printing them. */
public final class CapturedErrors extends Handler {
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private boolean usedParent;

    /** @param category log category, including its children */
    public CapturedErrors(String category) {
        this.logger = Logger.getLogger(category);
    }

    /** Starts capturing. */
    public void start() {
        usedParent = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /** Stops capturing. */
    public void stop() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(usedParent);
    }

    /** The captured messages. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord written) {
        if (written.getLevel().intValue() >= Level.WARNING.intValue()) {
            lines.add(written.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
