package dev.herald.logging;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Rate limiter of log lines about frequent events of few kinds, such as refused requests. Each kind gets one line a
 * minute at most, with the number of its events since the line before. The first event after a quiet minute is reported
 * at once, the others at the end of their minute. Thread-safe; costs a short lock for each event, and memory for each
 * kind.
 *
 * @param <K> kind of events: of a closed set, never text of clients
 */
public final class MinuteLog<K> {
    /** Time between two lines of a kind, at least. */
    static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Line<K> line;
    private final Timer timer;
    private final Map<K, Kind> kinds = new ConcurrentHashMap<>();

    /** Writer of a log line. Called by the thread of the first event of a minute, or by the timer's. */
    @FunctionalInterface
    public interface Line<K> {
        /**
         * @param count number of events since the line before; one or more
         * @param first whether the minute before was quiet
         */
        void write(K kind, long count, boolean first);
    }

    /** Timer that runs a task once, on any thread. */
    @FunctionalInterface
    interface Timer {
        void runAfter(Duration delay, Runnable task);
    }

    /** A log with the JDK's timer, whose tasks run in its common pool. */
    public MinuteLog(Line<K> line) {
        this(line, (delay, task) -> CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                .execute(task));
    }

    MinuteLog(Line<K> line, Timer timer) {
        this.line = line;
        this.timer = timer;
    }

    /** Records an event: writes the line of its kind, or counts it for the next one. Never throws. */
    public void record(K kind) {
        try {
            Kind counted = kinds.get(kind);
            (counted == null ? kinds.computeIfAbsent(kind, Kind::new) : counted).record();
        } catch (Throwable e) {
            // Without memory there may be no line. The refusal itself must go on.
        }
    }

    /** Counter of one kind; its fields are guarded by itself. */
    private final class Kind {
        private final K name;
        private long unreported;

        /** Whether a line was written in the last minute, so that the timer writes the next one. */
        private boolean reported;

        Kind(K name) {
            this.name = name;
        }

        void record() {
            synchronized (this) {
                unreported++;
                if (reported) {
                    return;
                }
                reported = true;
            }
            report(true);
        }

        private void report(boolean first) {
            long count;
            synchronized (this) {
                count = unreported;
                unreported = 0;
                reported = count > 0;
            }
            if (count > 0) {
                try {
                    line.write(name, count, first);
                } finally {
                    reportAfterInterval();
                }
            }
        }

        private void reportAfterInterval() {
            boolean scheduled = false;
            try {
                timer.runAfter(INTERVAL, () -> report(false));
                scheduled = true;
            } finally {
                if (!scheduled) {
                    endMinute();
                }
            }
        }

        /** Lets the next event write a line: no timer will. */
        private synchronized void endMinute() {
            reported = false;
        }
    }
}
