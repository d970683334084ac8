package dev.herald.bench;

import java.nio.file.Path;
import java.util.List;

/** Chart of the latency at rising rates. */
final class LatencyByRate {
    private static final int SUBSCRIBERS = 1_000;
    private static final List<Integer> RATES = List.of(10, 50, 100, 200, 300);

    private final Scale scale;
    private final Testbed testbed;
    private final Path results;

    LatencyByRate(Scale scale, Testbed testbed, Path results) {
        this.scale = scale;
        this.testbed = testbed;
        this.results = results;
    }

    void measure() throws Exception {
        Chart chart = new Chart("Latency against load", "messages a second to 1,000 subscribers", "p99, ms", false);
        for (ServerKind kind : testbed.kinds()) {
            for (int rate : RATES) {
                LoadResult result = testbed.run(testbed.against(kind)
                        .subscribers(SUBSCRIBERS)
                        .rate(rate)
                        .measured(scale.run.dividedBy(2)));
                Progress.report(
                        "%s, %d messages a second to %,d: p50 %s ms, p99 %s ms",
                        kind.label, rate, SUBSCRIBERS, Numbers.text(result.p50()), Numbers.text(result.p99()));
                chart.point(kind.label, rate, result.p99());
            }
        }
        chart.write(results.resolve("latency.svg"));
    }
}
