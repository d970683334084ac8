package dev.herald.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.formatters.PatternFormatter;

/** Log handler that captures all records of every logger and level until it is closed. Thread-safe. */
final class LogRecords extends Handler implements AutoCloseable {
    private static final Logger ROOT = Logger.getLogger("");

    /** Logger, message and stack trace. */
    private static final Formatter FORMATTER = new PatternFormatter("%c: %s%e");

    private final List<String> records = new ArrayList<>();
    private final Level level = ROOT.getLevel();

    static LogRecords ofEverything() {
        LogRecords records = new LogRecords();
        records.setLevel(Level.ALL);
        ROOT.addHandler(records);
        ROOT.setLevel(Level.ALL);
        return records;
    }

    /** Records that contain this text, stack traces included. */
    synchronized List<String> containing(String text) {
        return records.stream().filter(entry -> entry.contains(text)).toList();
    }

    @Override
    public void publish(LogRecord entry) {
        synchronized (this) {
            records.add(FORMATTER.format(entry));
        }
    }

    @Override
    public void flush() {
        // Nothing buffered.
    }

    @Override
    public void close() {
        ROOT.removeHandler(this);
        ROOT.setLevel(level);
    }
}
