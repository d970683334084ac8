package dev.herald.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Faults found so far: the first ones are reported at once and kept for the final report. Thread-safe. */
final class Faults {
    private static final int MAX_KEPT = 100;

    private final List<String> kept = new ArrayList<>();
    private final Consumer<String> report;
    private int count;

    /** @param report is called for each of the first faults, by the thread that found it */
    Faults(Consumer<String> report) {
        this.report = report;
    }

    synchronized void add(String format, Object... arguments) {
        count++;
        if (count <= MAX_KEPT) {
            String fault = String.format(format, arguments);
            kept.add(fault);
            report.accept(fault);
        }
    }

    synchronized int count() {
        return count;
    }

    /** The first faults. */
    synchronized List<String> kept() {
        return List.copyOf(kept);
    }
}
