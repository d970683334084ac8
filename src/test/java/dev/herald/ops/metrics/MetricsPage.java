package dev.herald.ops.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.herald.docs.Page;

/** The page of metrics, {@code src/docs/metrics.md}. */
final class MetricsPage {
    private static final Page PAGE = Page.read(Page.DIRECTORY.resolve("metrics.md"));
    private static final Page API = Page.read(Page.DIRECTORY.resolve("api.md"));

    private MetricsPage() {}

    /**
     * Row of the table.
     *
     * @param labels values that each label can have
     */
    record Listed(String name, String type, Map<String, Set<String>> labels, String meaning) {}

    /** Metrics of the hub, in the page's order. */
    static List<Listed> ofTheHub() {
        return PAGE.rows("Metric").stream()
                .map(cells -> new Listed(
                        Page.codeSpans(cells.get(0)).get(0), cells.get(1), labels(cells.get(2)), cells.get(3)))
                .toList();
    }

    /** Names of the metrics of the process that the dashboard and the alerts may use. */
    static Set<String> ofTheProcess() {
        return PAGE.rows("Metric of the process").stream()
                .map(cells -> Page.codeSpans(cells.get(0)).get(0))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Such as {@code `way`: `live`, `replay`; `act`: `publish`}; may refer to the problem types of the API. */
    private static Map<String, Set<String>> labels(String cell) {
        Map<String, Set<String>> labels = new TreeMap<>();
        for (String label : cell.isEmpty() ? new String[0] : cell.split("; ")) {
            List<String> spans = Page.codeSpans(label);
            Set<String> values = new TreeSet<>(spans.subList(1, spans.size()));
            if (label.contains("api.md#problems")) {
                values.addAll(problemTypes());
            }
            labels.put(spans.get(0), values);
        }
        return labels;
    }

    private static List<String> problemTypes() {
        return API.rows("Type").stream()
                .flatMap(cells -> Arrays.stream(Page.codeSpans(cells.get(0)).toArray(String[]::new)))
                .toList();
    }
}
