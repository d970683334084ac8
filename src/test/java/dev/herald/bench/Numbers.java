package dev.herald.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Functions for medians and readable numbers. */
final class Numbers {
    private Numbers() {}

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /**
     * The median of the ratios of each value to the other with the same index. A single other value is paired with each value.
     * Not the ratio of the medians: what disturbs both values of a pair cancels out.
     */
    static double pairedRatio(List<Double> values, List<Double> others) {
        if (others.size() == 1) {
            return median(values) / others.get(0);
        }
        return median(IntStream.range(0, Math.min(values.size(), others.size()))
                .mapToObj(i -> values.get(i) / others.get(i))
                .toList());
    }

    /** Three digits or all before the point: 12,345; 123; 12.3; 1.23. */
    static String text(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || value == Math.rint(value) ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    /** The median, followed by minimum and maximum if there are several values. */
    static String spread(List<Double> values) {
        String median = text(median(values));
        if (values.size() < 2) {
            return median;
        }
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double greatest = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return median + " (" + text(least) + "–" + text(greatest) + ")";
    }
}
