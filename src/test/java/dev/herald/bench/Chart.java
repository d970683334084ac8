package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A line chart as SVG, a line a server, readable on light and on dark ground. Where a server has several points at one
 * place, their median is drawn. Not thread-safe.
 */
final class Chart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int RIGHT = 560;
    private static final int TOP = 50;
    private static final int BOTTOM = 345;
    private static final int LINE_HEIGHT = 22;
    private static final int TICKS = 5;

    /** Told apart by those who do not tell red from green, too (after Okabe and Ito). */
    private static final List<String> COLOURS = List.of("#0072b2", "#56b4e9", "#009e73", "#d55e00", "#cc79a7");

    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, sans-serif; fill: #222 }
              .title { font-weight: 600; font-size: 15px }
              .grid { stroke: #8888; stroke-width: .5 }
              polyline { fill: none; stroke-width: 2 }
              @media (prefers-color-scheme: dark) { text { fill: #ddd } }
            </style>
            """;

    private final String title;
    private final String across;
    private final String up;
    private final boolean linear;
    private final Map<String, TreeMap<Double, List<Double>>> lines = new LinkedHashMap<>();

    /** @param linear whether equal distances upwards are equal differences, or else equal ratios */
    Chart(String title, String across, String up, boolean linear) {
        this.title = title;
        this.across = across;
        this.up = up;
        this.linear = linear;
    }

    void point(String line, double x, double y) {
        lines.computeIfAbsent(line, missing -> new TreeMap<>())
                .computeIfAbsent(x, missing -> new ArrayList<>())
                .add(y);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, svg());
        Progress.tell("written: %s", file);
    }

    private String svg() {
        double most = values().mapToDouble(Double::doubleValue).max().orElse(1);
        double least = values().mapToDouble(Double::doubleValue).min().orElse(1);
        double farthest =
                lines.values().stream().mapToDouble(TreeMap::lastKey).max().orElse(1);
        Scaling upwards = linear
                ? new Scaling(0, most, y -> y, y -> y)
                : new Scaling(
                        Math.floor(Math.log10(least)), Math.ceil(Math.log10(most)), Math::log10, e -> Math.pow(10, e));
        StringBuilder svg = new StringBuilder(String.format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                        WIDTH, HEIGHT, title))
                .append(STYLE)
                .append(text(LEFT, 25, "start", "title", title))
                .append(text(LEFT, 42, "start", "", up))
                .append(text((LEFT + RIGHT) / 2.0, BOTTOM + 42, "middle", "", across));
        grid(svg, upwards, farthest);
        int number = 0;
        for (Map.Entry<String, TreeMap<Double, List<Double>>> line : lines.entrySet()) {
            String colour = COLOURS.get(number % COLOURS.size());
            String points = line.getValue().entrySet().stream()
                    .map(point -> place(x(point.getKey(), farthest), upwards.y(Numbers.median(point.getValue()))))
                    .collect(Collectors.joining(" "));
            int legend = TOP + 10 + number++ * LINE_HEIGHT;
            svg.append(String.format("<polyline stroke=\"%s\" points=\"%s\"/>%n", colour, points))
                    .append(String.format(
                            "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n",
                            RIGHT + 12, legend - 6, colour))
                    .append(text(RIGHT + 32, legend, "start", "", line.getKey()));
        }
        return svg.append("</svg>\n").toString();
    }

    private Stream<Double> values() {
        return lines.values().stream().flatMap(line -> line.values().stream()).map(Numbers::median);
    }

    private void grid(StringBuilder svg, Scaling upwards, double farthest) {
        for (double mark : upwards.marks()) {
            double y = upwards.y(mark);
            svg.append(String.format(
                            Locale.ROOT,
                            "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
                            LEFT,
                            RIGHT,
                            y,
                            y))
                    .append(text(LEFT - 8, y + 4, "end", "", Numbers.text(mark)));
        }
        for (int i = 0; i <= TICKS; i++) {
            double at = farthest * i / TICKS;
            svg.append(text(x(at, farthest), BOTTOM + 20, "middle", "", Numbers.text(at)));
        }
    }

    private static double x(double value, double farthest) {
        return LEFT + (RIGHT - LEFT) * value / farthest;
    }

    private static String place(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
    }

    private static String text(double x, double y, String anchor, String style, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                style,
                text);
    }

    /** From values to heights, by way of a scale on which distances are even. */
    private record Scaling(double lowest, double highest, DoubleUnaryOperator even, DoubleUnaryOperator value) {
        double y(double of) {
            return BOTTOM - (BOTTOM - TOP) * (even.applyAsDouble(of) - lowest) / Math.max(1e-9, highest - lowest);
        }

        List<Double> marks() {
            boolean powers = value.applyAsDouble(2) == 100;
            int steps = powers ? (int) Math.round(highest - lowest) : TICKS;
            List<Double> marks = new ArrayList<>();
            for (int i = 0; i <= steps; i++) {
                marks.add(value.applyAsDouble(lowest + (highest - lowest) * i / Math.max(1, steps)));
            }
            return marks;
        }
    }
}
