package dev.herald;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * JUnit extension that fails a test class if a buffer was lost without being released. Netty logs a leak after the
 * garbage collector has found the buffer and another one is allocated. This extension sets Netty's level for each
 * class; before the first one it is that of {@code io.netty.leakDetection.level}. JUnit registers this extension
 * automatically for all classes. It watches those that run a hub in this process and those of {@link #BUFFERS}, since
 * each watch costs two full garbage collections, and the level {@code paranoid} two stack traces for each buffer. Those of
 * {@link #CLIENTS} use the hub as others do.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
    /** Hint on buffers that are lost on purpose. */
    static final String ON_PURPOSE = "lost on purpose";

    /** Netty's classes may be loaded several times, the log manager once; they share this name. */
    private static final String DETECTOR = "io.netty.util.ResourceLeakDetector";

    /** Packages of the classes that allocate buffers, which {@code ArchitectureTest} verifies. */
    static final Set<String> BUFFERS =
            Set.of("dev.herald", "dev.herald.connection", "dev.herald.stream", "dev.herald.web.mercure");

    /** Packages of tests whose time is that of browsers and other programs. */
    private static final Set<String> CLIENTS = Set.of("dev.herald.browser", "dev.herald.clients");

    private static final Duration LONGEST_COLLECTION = Duration.ofSeconds(20);

    private final Logger log = Logger.getLogger(DETECTOR);
    private final Reports reports = new Reports();

    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        if (AnnotationSupport.isAnnotated(test, Nested.class)) {
            return;
        }
        setLevel(test.getClassLoader(), watches(test) ? "PARANOID" : "DISABLED");
        if (watches(test)) {
            start();
        }
    }

    private static void setLevel(ClassLoader loader, String level) {
        try {
            Class<?> levels = Class.forName(DETECTOR + "$Level", true, loader);
            Object value = levels.getMethod("valueOf", String.class).invoke(null, level);
            Class.forName(DETECTOR, true, loader).getMethod("setLevel", levels).invoke(null, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This is not the Netty that is known here.", e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!watches(context.getRequiredTestClass())) {
            return;
        }
        List<String> leaks = stop(context.getRequiredTestClass().getClassLoader()).stream()
                .filter(leak -> !leak.contains(ON_PURPOSE))
                .toList();
        if (!leaks.isEmpty()) {
            throw new AssertionError("A buffer was not released:\n" + String.join("\n", leaks));
        }
    }

    /** A nested class is watched with the one around it. */
    static boolean watches(Class<?> test) {
        return !AnnotationSupport.isAnnotated(test, Nested.class)
                && !CLIENTS.contains(test.getPackageName())
                && (runsAHub(test) || BUFFERS.contains(test.getPackageName()));
    }

    /** By name: the annotation of a test that Quarkus loads is of another class loader than this class. */
    private static boolean runsAHub(Class<?> test) {
        return Stream.of(test.getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().getName().equals(QuarkusTest.class.getName()));
    }

    void start() {
        reports.lines.clear();
        log.addHandler(reports);
        // The failure contains the reports.
        log.setUseParentHandlers(false);
    }

    /**
     * Reports of buffers lost since the start, one text each.
     *
     * @param loader class loader of the watched Netty
     */
    List<String> stop(ClassLoader loader) {
        collectGarbage();
        // The references of a collection are enqueued in no order, and all of them before those of the next one.
        collectGarbage();
        allocate(loader);
        log.removeHandler(reports);
        log.setUseParentHandlers(true);
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

    /** Makes the detector process collected buffers. */
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

    /** Log handler that captures the detector's records. */
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
