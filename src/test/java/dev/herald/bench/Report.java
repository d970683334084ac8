package dev.herald.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

/** Report of one benchmark's figures, as JSON and as a Markdown table. Not thread-safe. */
final class Report {
    private static final String HEADING =
            "| | Herald | Goal | | Baselines; × is the median of paired ratios |\n|---|---|---|---|---|\n";

    private final String title;
    private final String command;
    private final Scale scale;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * @param title measured subject
     * @param command command that reproduces these figures
     */
    Report(String title, String command, Scale scale) {
        this.title = title;
        this.command = command;
        this.scale = scale;
    }

    /** Adds a figure, which is reported once it has a value. */
    Figure figure(String name, String unit) {
        Figure figure = new Figure(name, unit);
        figures.add(figure);
        return figure;
    }

    /** Writes {@code name.json} and {@code name.md}, and prints the table. */
    void write(Path directory, String name) throws IOException {
        figures.removeIf(figure -> figure.runs().isEmpty());
        Files.createDirectories(directory);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(directory.resolve(name + ".json").toFile(), json());
        String table = markdown();
        Files.writeString(directory.resolve(name + ".md"), table);
        System.out.println(table);
        Progress.report("written: %s", directory.resolve(name + ".{json,md}"));
    }

    private Map<String, Object> json() throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("title", title);
        report.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        report.put("command", command);
        report.put("scale", scale.name());
        report.put("machine", machine());
        report.put("figures", figures.stream().map(Report::json).toList());
        return report;
    }

    private static Map<String, Object> json(Figure figure) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", figure.name());
        entry.put("unit", figure.unit());
        entry.put("median", figure.median());
        entry.put("runs", figure.runs());
        entry.put("goal", figure.goal());
        figure.reached().ifPresent(reached -> entry.put("holds", reached >= 1));
        entry.put(
                "baselines",
                figure.baselines().entrySet().stream()
                        .map(baseline -> Map.of(
                                "name",
                                baseline.getKey(),
                                "runs",
                                baseline.getValue(),
                                "ratio",
                                figure.ratio(baseline.getKey())))
                        .toList());
        entry.put("notes", figure.notes());
        return entry;
    }

    private String markdown() throws IOException {
        StringBuilder table = new StringBuilder(
                "# " + title + "\n\n`" + command + "` on " + machine() + ". " + repetitions() + "\n\n" + HEADING);
        for (Figure figure : figures) {
            String baselines = figure.baselines().entrySet().stream()
                    .map(baseline -> String.format(
                            "%s: %s, × %s",
                            baseline.getKey(),
                            Numbers.spread(baseline.getValue()),
                            Numbers.text(figure.ratio(baseline.getKey()))))
                    .collect(Collectors.joining("<br>"));
            String holds = figure.reached().isEmpty() ? "" : figure.reached().getAsDouble() >= 1 ? "holds" : "missed";
            table.append(String.format(
                    "| %s, %s | %s | %s | %s | %s |\n",
                    figure.name(), figure.unit(), Numbers.spread(figure.runs()), figure.goal(), holds, baselines));
        }
        table.append('\n');
        for (Figure figure : figures) {
            figure.notes().forEach(note -> table.append("- ")
                    .append(figure.name())
                    .append(": ")
                    .append(note)
                    .append('\n'));
        }
        return table.toString();
    }

    private String repetitions() {
        int runs =
                figures.stream().mapToInt(figure -> figure.runs().size()).max().orElse(0);
        return runs > 1 ? "Medians, and the spread of " + runs + " runs." : "One run.";
    }

    private static String machine() throws IOException {
        Path cpus = Path.of("/proc/cpuinfo");
        String model = Files.exists(cpus)
                ? Files.readAllLines(cpus, StandardCharsets.UTF_8).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .findFirst()
                        .orElse("unknown processor")
                : System.getProperty("os.arch");
        return String.format(
                "%d × %s, %s %s, Java %s",
                Cores.COUNT,
                model,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.version"));
    }
}
