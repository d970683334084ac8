package dev.herald;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which a buffer was lost without being released. Netty tells of one by a line of its log, when
 * the garbage collector has found it and another buffer is allocated; how closely it looks is set where the tests are
 * started ({@code io.netty.leakDetection.level}). JUnit finds this extension by itself, for all classes.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
    /** A hint on buffers that are lost on purpose. */
    static final String ON_PURPOSE = "lost on purpose";

    /** Netty's own classes may be there several times, the log manager is there once: this name is what they share. */
    private static final String DETECTOR = "io.netty.util.ResourceLeakDetector";

    private static final Duration LONGEST_COLLECTION = Duration.ofSeconds(20);

    private final Logger log = Logger.getLogger(DETECTOR);
    private final Reports reports = new Reports();

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> leaks = stop(context.getRequiredTestClass().getClassLoader()).stream()
                .filter(leak -> !leak.contains(ON_PURPOSE))
                .toList();
        if (!leaks.isEmpty()) {
            throw new AssertionError("A buffer was not released:\n" + String.join("\n", leaks));
        }
    }

    void start() {
        reports.lines.clear();
        log.addHandler(reports);
    }

    /**
     * What was lost since the start, a text each.
     *
     * @param loader knows the Netty that is watched
     */
    List<String> stop(ClassLoader loader) {
        collectGarbage();
        allocate(loader);
        log.removeHandler(reports);
        return List.copyOf(reports.lines);
    }

    private static void collectGarbage() {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), collected);
        System.gc();
        try {
            if (collected.remove(LONGEST_COLLECTION.toMillis()) != canary) {
                throw new IllegalStateException("The garbage was not collected, so nothing is known of leaks.");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the detector look at what was collected. */
    private static void allocate(ClassLoader loader) {
        try {
            Object allocator = Class.forName("io.netty.buffer.PooledByteBufAllocator", true, loader)
                    .getField("DEFAULT")
                    .get(null);
            Object buffer = allocator.getClass().getMethod("directBuffer").invoke(allocator);
            Class.forName("io.netty.util.ReferenceCounted", true, loader)
                    .getMethod("release")
                    .invoke(buffer);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This is not the Netty that is known here.", e);
        }
    }

    /** Keeps what the detector writes. */
    private static final class Reports extends Handler {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord written) {
            lines.add(written.getMessage() + (written.getParameters() == null ? "" : List.of(written.getParameters())));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
