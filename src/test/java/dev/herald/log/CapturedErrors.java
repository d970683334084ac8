package dev.herald.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a part of the hub logs at WARN and above, kept from the console while it is expected. */
public final class CapturedErrors extends Handler {
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private boolean usedParent;

    /** @param category of the log, with all below it */
    public CapturedErrors(String category) {
        this.logger = Logger.getLogger(category);
    }

    /** Captures from now on. */
    public void start() {
        usedParent = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /** Ends it. */
    public void stop() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(usedParent);
    }

    /** The messages. */
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
