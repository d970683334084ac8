package dev.herald.log.sqlite;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log handler that captures the records of {@link CorruptionReport} while it is open. */
final class Complaints extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(CorruptionReport.class.getName());

    private final List<String> errors = new CopyOnWriteArrayList<>();

    Complaints() {
        LOGGER.addHandler(this);
    }

    /** The messages at ERROR. */
    List<String> errors() {
        return errors;
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
            errors.add(String.format(entry.getMessage(), entry.getParameters()));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
