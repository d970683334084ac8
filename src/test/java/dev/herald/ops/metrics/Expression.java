package dev.herald.ops.metrics;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Selectors in an expression of PromQL: names of metrics, and the label values that each names. Immutable.
 *
 * @param selectors in the order of the expression
 */
record Expression(List<Selector> selectors) {
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]");

    /** An identifier that is no function, with its braces. */
    private static final Pattern SELECTOR = Pattern.compile("\\b([a-zA-Z_]\\w*)\\b(?!\\s*\\()(?:\\s*\\{([^}]*)\\})?");

    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

    /** @param labels values by label, also those that are excluded */
    record Selector(String metric, Map<String, Set<String>> labels) {}

    static Expression parse(String promql) {
        String plain = RANGE.matcher(GROUPING.matcher(promql).replaceAll(" ")).replaceAll(" ");
        return new Expression(SELECTOR.matcher(plain)
                .results()
                .filter(selector -> !WORDS.contains(selector.group(1)))
                .map(selector -> new Selector(selector.group(1), labels(selector)))
                .toList());
    }

    private static Map<String, Set<String>> labels(MatchResult selector) {
        Map<String, Set<String>> labels = new TreeMap<>();
        if (selector.group(2) != null) {
            MATCHER.matcher(selector.group(2)).results().forEach(matcher -> labels.computeIfAbsent(
                            matcher.group(1), missing -> new TreeSet<>())
                    .addAll(values(matcher)));
        }
        return labels;
    }

    private static List<String> values(MatchResult matcher) {
        return matcher.group(2).endsWith("~") ? List.of(matcher.group(3).split("\\|")) : List.of(matcher.group(3));
    }
}
