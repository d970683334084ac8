package dev.herald.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Log handler that captures expected records, at WARN and above unless said otherwise, instead of printing them. As a registered extension it
 * captures during each test, and fails a test that logs a line which it does not expect, or lacks an expected one. The
 * lines of a test that fails are printed.
 */
public final class CapturedErrors extends Handler implements BeforeEachCallback, AfterEachCallback {
    private static final PatternFormatter MESSAGE = new PatternFormatter("%s");

    private final Logger logger;
    private final Level least;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private final List<String> allowed = new ArrayList<>();
    private boolean read;
    private boolean usedParent;
    private Level level;

    /** @param category log category, including its children */
    public CapturedErrors(String category) {
        this(category, Level.WARNING);
    }

    /** @param least the lowest level that is captured, and logged while it is */
    public CapturedErrors(String category, Level least) {
        this.logger = Logger.getLogger(category);
        this.least = least;
    }

    /** Expects at least one line with each of these beginnings, and no line that was neither expected nor allowed. */
    public void expect(String... beginnings) {
        expected.addAll(List.of(beginnings));
        allow(beginnings);
    }

    /** Allows lines with these beginnings, which depend on timing. */
    public void allow(String... beginnings) {
        allowed.addAll(List.of(beginnings));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        stop();
        if (context.getExecutionException().isPresent()) {
            records.forEach(logger::log);
        } else if (!read) {
            assertExpected();
        }
    }

    private void assertExpected() {
        List<String> lines = formatted();
        assertThat(lines).as("log lines, each expected").allMatch(line -> allowed.stream()
                .anyMatch(line::startsWith));
        assertThat(expected).as("expected beginnings of %s", lines).allMatch(beginning -> lines.stream()
                .anyMatch(line -> line.startsWith(beginning)));
    }

    /** Starts capturing. */
    public void start() {
        usedParent = logger.getUseParentHandlers();
        level = logger.getLevel();
        if (!logger.isLoggable(least)) {
            logger.setLevel(least);
        }
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /** Stops capturing. */
    public void stop() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(usedParent);
        logger.setLevel(level);
    }

    /** The captured messages, which the test then asserts itself. */
    public List<String> lines() {
        read = true;
        return formatted();
    }

    private List<String> formatted() {
        return records.stream().map(MESSAGE::format).toList();
    }

    @Override
    public void publish(LogRecord written) {
        if (written.getLevel().intValue() >= least.intValue()) {
            records.add(written);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
