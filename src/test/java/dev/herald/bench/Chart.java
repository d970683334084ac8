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
import java.util.stream.IntStream;
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
    private static final List<Double> ROUND = List.of(1.0, 2.0, 4.0, 5.0, 6.0, 8.0);

    /** Colours distinguishable with colour blindness (after Okabe and Ito). */
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
    private final String right;
    private final String up;
    private final boolean linear;
    private final Map<String, TreeMap<Double, List<Double>>> lines = new LinkedHashMap<>();

    /**
     * @param right label of the horizontal axis
     * @param up label of the vertical axis
     * @param linear whether the vertical axis is linear, otherwise logarithmic
     */
    Chart(String title, String right, String up, boolean linear) {
        this.title = title;
        this.right = right;
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
        Progress.report("written: %s", file);
    }

    private String svg() {
        Scaling upwards =
                linear ? Scaling.even(highest(values())) : Scaling.powers(lowest(values()), highest(values()));
        Scaling across = Scaling.even(highest(lines.values().stream().map(TreeMap::lastKey)));
        StringBuilder svg = new StringBuilder(String.format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                        WIDTH, HEIGHT, title))
                .append(STYLE)
                .append(text(LEFT, 25, "start", "title", title))
                .append(text(LEFT, 42, "start", "", up))
                .append(text((LEFT + RIGHT) / 2.0, BOTTOM + 42, "middle", "", right));
        for (double mark : upwards.marks()) {
            svg.append(gridLine(y(upwards, mark)))
                    .append(text(LEFT - 8, y(upwards, mark) + 4, "end", "", Numbers.text(mark)));
        }
        for (double mark : across.marks()) {
            svg.append(text(x(across, mark), BOTTOM + 20, "middle", "", Numbers.text(mark)));
        }
        int number = 0;
        for (Map.Entry<String, TreeMap<Double, List<Double>>> line : lines.entrySet()) {
            String points = line.getValue().entrySet().stream()
                    .map(point -> String.format(
                            Locale.ROOT,
                            "%.1f,%.1f",
                            x(across, point.getKey()),
                            y(upwards, Numbers.median(point.getValue()))))
                    .collect(Collectors.joining(" "));
            svg.append(line(number++, line.getKey(), points));
        }
        return svg.append("</svg>\n").toString();
    }

    private Stream<Double> values() {
        return lines.values().stream().flatMap(line -> line.values().stream()).map(Numbers::median);
    }

    private static double highest(Stream<Double> values) {
        return values.max(Double::compare).orElse(1.0);
    }

    private static double lowest(Stream<Double> values) {
        return values.min(Double::compare).orElse(1.0);
    }

    /** Line of one server, with its name beside the chart. */
    private static String line(int number, String name, String points) {
        String colour = COLOURS.get(number % COLOURS.size());
        int legend = TOP + 10 + number * LINE_HEIGHT;
        return String.format("<polyline stroke=\"%s\" points=\"%s\"/>%n", colour, points)
                + String.format(
                        "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n",
                        RIGHT + 12, legend - 6, colour)
                + text(RIGHT + 32, legend, "start", "", name);
    }

    private static String gridLine(double y) {
        return String.format(
                Locale.ROOT, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n", LEFT, RIGHT, y, y);
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

    private static double x(Scaling across, double value) {
        return LEFT + (RIGHT - LEFT) * across.share().applyAsDouble(value);
    }

    private static double y(Scaling upwards, double value) {
        return BOTTOM - (BOTTOM - TOP) * upwards.share().applyAsDouble(value);
    }

    /**
     * Axis of the chart.
     *
     * @param marks labelled values
     * @param share position of a value as a share of the length: 0 to 1
     */
    private record Scaling(List<Double> marks, DoubleUnaryOperator share) {
        /** Linear scale. */
        static Scaling even(double most) {
            double step = round(most / TICKS);
            return new Scaling(
                    IntStream.rangeClosed(0, TICKS)
                            .mapToObj(tick -> tick * step)
                            .toList(),
                    value -> value / (TICKS * step));
        }

        /** Logarithmic scale. */
        static Scaling powers(double least, double most) {
            int first = (int) Math.floor(Math.log10(least));
            int last = Math.max(first + 1, (int) Math.ceil(Math.log10(most)));
            return new Scaling(
                    IntStream.rangeClosed(first, last)
                            .mapToObj(exponent -> Math.pow(10, exponent))
                            .toList(),
                    value -> (Math.log10(value) - first) / (last - first));
        }

        /** The next greater round value. */
        private static double round(double value) {
            double power = Math.pow(10, Math.floor(Math.log10(value)));
            return ROUND.stream()
                    .mapToDouble(digit -> digit * power)
                    .filter(rounded -> rounded >= value)
                    .findFirst()
                    .orElse(10 * power);
        }
    }
}
