package dev.herald.selector;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vertx.uritemplate.Variables;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

import static org.assertj.core.api.Assertions.assertThat;

/** Property tests of templates against a third-party expander and a second implementation of RFC 6570. */
class UriTemplatePropertyTest {
    private static final List<String> OPERATORS = List.of("", "+", "#", ".", "/", ";", "?", "&");
    private static final String[] LITERALS = {"a", "b", "/", ".", ",", "=", "?", "&", ";", "#", "%2F", "é", "%C3%A9"};
    private static final Pattern EXPRESSION = Pattern.compile("\\{([+#./;?&]?)([^}]*)}");

    @Property(edgeCases = EdgeCasesMode.NONE)
    void expansionMatches(@ForAll("templates") String template, @ForAll("values") Map<String, Object> values) {
        Variables variables = Variables.variables();
        values.forEach((name, value) -> set(variables, name, value));

        // The expander rejects non-ASCII literals.
        String expansion = io.vertx.uritemplate.UriTemplate.of(template.replace("é", "%C3%A9"))
                .expandToString(variables);

        assertThat(matches(template, expansion)).as(expansion).isTrue();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @StatisticsReport(label = "matches", value = StatisticsReport.StatisticsReportMode.OFF)
    void textMatchesIffTheRegularExpressionOfTheTemplateDoes(
            @ForAll("templates") String template, @ForAll("texts") String text) {
        boolean expected = Pattern.matches(regex(template), text.replace("%C3%A9", "é"));
        Statistics.label("matches").collect(expected).coverage(of -> of.check(true)
                .percentage(share -> share > 1));

        assertThat(matches(template, text)).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> templates() {
        Arbitrary<String> variables = Combinators.combine(
                        Arbitraries.of("a", "b", "ab"), Arbitraries.of("", "", "*", "*"))
                .as(String::concat);
        // A prefix applies to strings only.
        Arbitrary<String> prefixes = Combinators.combine(
                        Arbitraries.of("p", "q"), Arbitraries.of(":1", ":2", ":3", ":70"))
                .as(String::concat);
        Arbitrary<String> names = Arbitraries.oneOf(variables, prefixes)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(all -> String.join(",", all));
        Arbitrary<String> expressions =
                Combinators.combine(Arbitraries.of(OPERATORS), names).as((operator, all) -> "{" + operator + all + "}");
        Arbitrary<List<String>> parts =
                Arbitraries.oneOf(Arbitraries.of(LITERALS), expressions).list().ofMaxSize(4);
        return Combinators.combine(parts, expressions, parts)
                .as((before, expression, after) -> String.join("", before) + expression + String.join("", after));
    }

    @Provide
    Arbitrary<Map<String, Object>> values() {
        Arbitrary<String> prefixed =
                Arbitraries.strings().withChars("aab,/=.%;&?# éß中").ofMaxLength(5);
        // The expander splits surrogate pairs.
        Arbitrary<String> strings = prefixed.map(text -> text.replace("ß", "🧀"));
        Arbitrary<Object> all = Arbitraries.oneOf(
                strings.map(Object.class::cast),
                strings.list().ofMaxSize(3).map(Object.class::cast),
                Arbitraries.maps(strings.map(key -> key.replaceAll("[,/=;&?#%]", "k")), strings)
                        .ofMaxSize(3)
                        .map(Object.class::cast));
        Arbitrary<Map<String, Object>> composite = Arbitraries.maps(Arbitraries.of("a", "b", "ab"), all);
        Arbitrary<Map<String, String>> plain = Arbitraries.maps(Arbitraries.of("p", "q"), prefixed);
        return Combinators.combine(composite, plain).as((some, others) -> {
            some.putAll(others);
            return some;
        });
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "a", "b", "/", ".", ",", "=", "?", "&", ";", "#", "%2F", "é", "%C3%A9", "a=", "b=")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @SuppressWarnings("unchecked")
    private static void set(Variables variables, String name, Object value) {
        if (value instanceof String text) {
            variables.set(name, text);
        } else if (value instanceof List<?> list) {
            variables.set(name, (List<String>) list);
        } else {
            variables.set(name, (Map<String, String>) value);
        }
    }

    private static boolean matches(String template, String text) {
        return UriTemplate.parse(template).orElseThrow().matches(new UriText(text));
    }

    /** Regular expression by RFC 6570, §3.2 and appendix A; matching it may take exponential time. */
    private static String regex(String template) {
        StringBuilder regex = new StringBuilder();
        int literal = 0;
        Matcher expression = EXPRESSION.matcher(template);
        while (expression.find()) {
            regex.append(literal(template.substring(literal, expression.start())));
            regex.append(
                    expression(expression.group(1), List.of(expression.group(2).split(","))));
            literal = expression.end();
        }
        return regex.append(literal(template.substring(literal))).toString();
    }

    private static String literal(String text) {
        return text.isEmpty() ? "" : Pattern.quote(text.replace("%C3%A9", "é"));
    }

    private static String expression(String operator, List<String> variables) {
        String first = "+".equals(operator) || operator.isEmpty() ? "" : Pattern.quote(operator);
        String separator =
                switch (operator) {
                    case "", "+", "#" -> ",";
                    case "?" -> "&";
                    default -> Pattern.quote(operator);
                };
        // Any of the variables may be the first defined one.
        return IntStream.range(0, variables.size())
                .mapToObj(i -> first
                        + value(operator, separator, variables.get(i))
                        + variables.subList(i + 1, variables.size()).stream()
                                .map(next -> "(?:" + separator + value(operator, separator, next) + ")?")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("|", "(?:", ")?"));
    }

    private static String value(String operator, String separator, String variable) {
        boolean reserved = "+".equals(operator) || "#".equals(operator);
        String one = "(?:[a-zA-Z0-9._~é" + (reserved ? ":/?#\\[\\]@!$&'()*+,;=" : "") + "-]|%[0-9A-F]{2})";
        String any = one + "*";
        if (variable.endsWith("*")) {
            String pair =
                    switch (operator) {
                        case ";" -> any + "(?:=" + any + ")?";
                        default -> any + "=" + any;
                    };
            String pairs = pair + "(?:" + separator + pair + ")*";
            String items = any + "(?:" + separator + any + ")*";
            return "(?:" + ("?&;".contains(operator) && !operator.isEmpty() ? pairs : pairs + "|" + items) + ")";
        }
        String[] parts = variable.split(":");
        String value = parts.length == 2 ? one + "{0," + parts[1] + "}" : any + "(?:," + any + ")*";
        return switch (operator) {
            case "?", "&" -> parts[0] + "=" + value;
            case ";" -> parts[0] + "(?:=" + value + ")?";
            default -> value;
        };
    }
}
