package dev.herald.ops.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.Programs;
import dev.herald.docs.Page;
import dev.herald.ops.metrics.AlertRules.Rule;
import dev.herald.ops.metrics.Dashboard.Panel;
import dev.herald.ops.metrics.Expression.Selector;
import dev.herald.ops.metrics.MetricsPage.Listed;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the alert rules and the dashboard: they are well-formed, and use metrics that exist. */
class MonitoringTest {
    /** Labels that Prometheus adds, and that of all metrics of memory. */
    private static final Set<String> ADDED_LABELS = Set.of("job", "instance", "area");

    private static final String TO_ALL_INSTANCES = "$instance";
    private static final String OF_PROMETHEUS = "up";
    private static final String RUNBOOK = "src/docs/operations.md#";
    private static final int GRID_COLUMNS = 24;

    private static final Map<String, Listed> LISTED =
            MetricsPage.ofTheHub().stream().collect(Collectors.toMap(Listed::name, listed -> listed));

    /** The page's row of a metric that an expression names; fails without one. */
    private static Listed listed(String name) {
        Listed found = LISTED.get(name);
        Listed histogram = LISTED.get(name.replaceAll("_(bucket|sum|count)$", ""));
        if (found == null && histogram != null && histogram.type().equals("histogram")) {
            found = histogram;
        }
        assertThat(found).as("metric %s on the page", name).isNotNull();
        return found;
    }

    private static void assertUsesMetricsThatExist(String promql) {
        List<Selector> selectors = Expression.parse(promql).selectors();
        assertThat(selectors).as(promql).isNotEmpty();
        for (Selector selector : selectors) {
            if (selector.metric().startsWith("herald_")) {
                Listed metric = listed(selector.metric());
                selector.labels().forEach((label, values) -> {
                    if (!ADDED_LABELS.contains(label)) {
                        assertThat(metric.labels()).as(promql).containsKey(label);
                        assertThat(metric.labels().get(label)).as(promql).containsAll(values);
                    }
                });
            } else {
                assertThat(selector.metric().equals(OF_PROMETHEUS)
                                || MetricsPage.ofTheProcess().contains(selector.metric()))
                        .as("%s in %s", selector.metric(), promql)
                        .isTrue();
                assertThat(ADDED_LABELS)
                        .as(promql)
                        .containsAll(selector.labels().keySet());
            }
        }
    }

    @Test
    void alertsUseMetricsThatExist() throws IOException {
        assertThat(AlertRules.read())
                .hasSizeGreaterThan(10)
                .allSatisfy(rule -> assertUsesMetricsThatExist(rule.expr()));
    }

    @Test
    void alertsHaveASeverityASummaryAndARunbook() throws IOException {
        assertThat(AlertRules.read()).allSatisfy(rule -> {
            assertThat(rule.labels()).containsOnlyKeys("severity");
            assertThat(rule.labels().get("severity")).isIn("warning", "critical");
            assertThat(rule.annotations()).containsOnlyKeys("summary", "runbook");
            assertThat(rule.annotations().get("summary")).endsWith(".");
            assertThat(rule.annotations())
                    .containsEntry("runbook", RUNBOOK + rule.alert().toLowerCase(Locale.ROOT));
        });
    }

    /** Both directions, in the same order. */
    @Test
    void operationsPageHasEachAlert() throws IOException {
        Page operations = Page.read(Page.DIRECTORY.resolve("operations.md"));
        List<String> described = operations
                .text()
                .lines()
                .filter(line -> line.startsWith("#### Herald"))
                .map(line -> line.substring("#### ".length()))
                .toList();

        assertThat(AlertRules.read().stream().map(Rule::alert)).containsExactlyElementsOf(described);
        assertThat(operations.anchors()).contains("alerts");
    }

    @Test
    void dashboardUsesMetricsThatExist() throws IOException {
        List<String> expressions = Dashboard.read().panels().stream()
                .filter(panel -> !panel.row())
                .flatMap(panel -> panel.targets().stream())
                .map(Dashboard.Target::expr)
                .toList();

        assertThat(expressions).hasSizeGreaterThan(40).allSatisfy(MonitoringTest::assertUsesOnlyChosenNodes);
    }

    private static void assertUsesOnlyChosenNodes(String promql) {
        assertThat(Expression.parse(promql).selectors()).as(promql).allSatisfy(selector -> assertThat(selector.labels())
                .containsEntry("instance", Set.of(TO_ALL_INSTANCES)));
        assertUsesMetricsThatExist(promql);
    }

    @Test
    void panelsOfTheDashboardFitTheGridAndExplainThemselves() throws IOException {
        List<Panel> panels = Dashboard.read().panels();

        assertThat(panels).extracting(Panel::id).doesNotHaveDuplicates();
        assertThat(panels).allSatisfy(panel -> {
            assertThat(panel.title()).isNotBlank();
            assertThat(panel.gridPos().x() + panel.gridPos().w()).isLessThanOrEqualTo(GRID_COLUMNS);
            assertThat(panels.stream().filter(other -> other.gridPos().overlaps(panel.gridPos())))
                    .as("panels at the place of %s", panel.title())
                    .containsExactly(panel);
        });
        assertThat(panels).filteredOn(panel -> !panel.row()).allSatisfy(panel -> {
            assertThat(panel.description()).isNotBlank();
            assertThat(panel.datasource().uid()).isEqualTo("${datasource}");
            assertThat(panel.targets()).extracting(Dashboard.Target::refId).doesNotHaveDuplicates();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "check|src/main/prometheus/alerts.yml|SUCCESS: 22 rules found",
                "test|src/test/prometheus/alerts-test.yml|SUCCESS"
            })
    void promtoolAcceptsTheRulesAndEachOneFires(String act, String file, String success) throws Exception {
        if (Programs.find("promtool").isEmpty()) {
            String missing = "There is no promtool in the PATH: the alert rules were not run.";
            Programs.reportSkipped("promtoolAcceptsTheRulesAndEachOneFires", missing);
            Assumptions.abort(missing);
        }

        Process promtool = new ProcessBuilder("promtool", act, "rules", file)
                .redirectErrorStream(true)
                .start();
        String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains(success);
        assertThat(promtool.exitValue()).as(output).isZero();
    }

    @Test
    void metricThatDoesNotExistIsFound() {
        Expression expression = Expression.parse(
                "sum by (instance, le) (rate(herald_a_bucket{way=~\"x|y\", job!=\"z\"}[5m])) / on (job) herald_b > 1e9");

        assertThat(expression.selectors())
                .containsExactly(
                        new Selector("herald_a_bucket", Map.of("way", Set.of("x", "y"), "job", Set.of("z"))),
                        new Selector("herald_b", Map.of()));
    }
}
