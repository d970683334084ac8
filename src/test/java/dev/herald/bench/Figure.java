package dev.herald.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One measured quantity: the values of the hub and its baselines for each repetition, measured in direct succession.
 * Not thread-safe.
 */
final class Figure {
    /** Baseline of absolute goals. */
    private static final String NONE = "";

    private final String name;
    private final String unit;
    private final List<Double> runs = new ArrayList<>();
    private final Map<String, List<Double>> baselines = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private String against = NONE;
    private boolean atLeast;
    private double bound = Double.NaN;

    Figure(String name, String unit) {
        this.name = name;
        this.unit = unit;
    }

    /** Sets the goal: at least this value. */
    Figure atLeast(double value) {
        return goal(true, value, NONE);
    }

    /** Sets the goal: at most this value. */
    Figure atMost(double value) {
        return goal(false, value, NONE);
    }

    /** Sets the goal: at least this many times the baseline. */
    Figure atLeast(double times, String baseline) {
        return goal(true, times, baseline);
    }

    /** Sets the goal: at most this many times the baseline. */
    Figure atMost(double times, String baseline) {
        return goal(false, times, baseline);
    }

    private Figure goal(boolean least, double value, String baseline) {
        atLeast = least;
        bound = value;
        against = baseline;
        return this;
    }

    /** Adds the hub's value of one repetition. */
    void run(double value) {
        Progress.report("%s: %s %s", name, Numbers.text(value), unit);
        runs.add(value);
    }

    /** Adds a baseline's value of one repetition. */
    void baseline(String baseline, double value) {
        Progress.report("%s: %s %s (%s)", name, Numbers.text(value), unit, baseline);
        baselines.computeIfAbsent(baseline, missing -> new ArrayList<>()).add(value);
    }

    /** Adds the value of the hub or of a compared server for one repetition. */
    void add(ServerKind kind, double value) {
        if (kind == ServerKind.HERALD) {
            run(value);
        } else {
            baseline(kind.label, value);
        }
    }

    /** Adds a sentence that belongs to the figure. */
    void note(String format, Object... arguments) {
        String note = String.format(format, arguments);
        Progress.report("%s: %s", name, note);
        notes.add(note);
    }

    String name() {
        return name;
    }

    String unit() {
        return unit;
    }

    List<Double> runs() {
        return List.copyOf(runs);
    }

    Map<String, List<Double>> baselines() {
        return baselines;
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    double median() {
        return Numbers.median(runs);
    }

    /** The hub's value as a multiple of the baseline's: the median of the repetitions' ratios. */
    double ratio(String baseline) {
        return Numbers.pairedRatio(runs, baselines.get(baseline));
    }

    /** The goal in words; empty without one. */
    String goal() {
        if (Double.isNaN(bound)) {
            return "";
        }
        String value = (atLeast ? "≥ " : "≤ ") + Numbers.text(bound);
        return against.equals(NONE) ? value : value + " × " + against;
    }

    /** Ratio to the goal, which is met from 1 on; empty without a goal or its baseline. */
    OptionalDouble reached() {
        if (Double.isNaN(bound) || runs.isEmpty() || !against.equals(NONE) && !baselines.containsKey(against)) {
            return OptionalDouble.empty();
        }
        double value = against.equals(NONE) ? median() : ratio(against);
        return OptionalDouble.of(atLeast ? value / bound : bound / value);
    }
}
