package dev.herald.ops.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.herald.web.HubClient;

import static io.restassured.RestAssured.given;

/** What a scrape answers: metrics by name, in the text format of Prometheus 0.0.4. Immutable. */
record Exposition(Map<String, Family> families) {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\w+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+?)(_bucket|_sum|_count)?(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\",?");

    /**
     * One metric.
     *
     * @param values samples in order; those of a histogram with their suffix
     */
    record Family(String type, String help, List<Sample> values) {}

    /** @param name with the suffix of a histogram's part */
    record Sample(String name, Map<String, String> labels, double value) {}

    /** Scrapes the hub under test. */
    static Exposition scrape() {
        // Others get OpenMetrics, where names of counters have no suffix in comments.
        return parse(given().accept("text/plain")
                .port(HubClient.port())
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString());
    }

    static Exposition parse(String text) {
        Map<String, String> types = new HashMap<>();
        Map<String, String> helps = new HashMap<>();
        Map<String, List<Sample>> samples = new TreeMap<>();
        for (String line : text.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches()) {
                (comment.group(1).equals("TYPE") ? types : helps).put(comment.group(2), comment.group(3));
            } else {
                Sample sample = sample(line);
                String family = types.containsKey(sample.name) ? sample.name : base(sample.name);
                samples.computeIfAbsent(family, missing -> new ArrayList<>()).add(sample);
            }
        }
        Map<String, Family> families = new TreeMap<>();
        samples.forEach((name, values) -> families.put(name, new Family(types.get(name), helps.get(name), values)));
        return new Exposition(families);
    }

    private static String base(String sample) {
        return sample.replaceAll("_(bucket|sum|count)$", "");
    }

    private static Sample sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        if (!sample.matches()) {
            throw new AssertionError("No sample: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (sample.group(3) != null) {
            LABEL.matcher(sample.group(3)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        String suffix = sample.group(2) == null ? "" : sample.group(2);
        return new Sample(sample.group(1) + suffix, labels, Double.parseDouble(number(sample.group(4))));
    }

    private static String number(String value) {
        return value.replace("+Inf", "Infinity");
    }

    /**
     * Value of one sample.
     *
     * @param labels names and values, in turn; all of them
     */
    double value(String name, String... labels) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return families.values().stream()
                .flatMap(family -> family.values.stream())
                .filter(sample -> sample.name.equals(name) && sample.labels.equals(wanted))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no " + name + wanted + "."))
                .value();
    }
}
