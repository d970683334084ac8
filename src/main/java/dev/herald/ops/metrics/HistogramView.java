package dev.herald.ops.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.prometheus.client.Collector;

import dev.herald.stats.LatencyHistogram;

/**
 * Collector that shows a {@link LatencyHistogram} to Prometheus. Its buckets end at powers of two of a microsecond,
 * from 128 µs to 134 s. So each is a sum of whole buckets of the histogram. Thread-safe.
 */
final class HistogramView extends Collector {
    private static final int FIRST_EXPONENT = 7;
    private static final int LAST_EXPONENT = 27;
    private static final double MICROS_A_SECOND = 1e6;

    private final Metric metric;
    private final Supplier<LatencyHistogram> histogram;

    HistogramView(Metric metric, Supplier<LatencyHistogram> histogram) {
        this.metric = metric;
        this.histogram = histogram;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        // A copy: the buckets and their sum must agree.
        LatencyHistogram latencies = histogram.get().copy();
        List<MetricFamilySamples.Sample> samples = new ArrayList<>();
        for (int exponent = FIRST_EXPONENT; exponent <= LAST_EXPONENT; exponent++) {
            samples.add(bucket((1L << exponent) / MICROS_A_SECOND, latencies.below(exponent)));
        }
        samples.add(bucket(Double.POSITIVE_INFINITY, latencies.count()));
        samples.add(sample("_count", latencies.count()));
        samples.add(sample("_sum", latencies.sumMicros() / MICROS_A_SECOND));
        return List.of(new MetricFamilySamples(metric.id(), Type.HISTOGRAM, metric.help(), samples));
    }

    private MetricFamilySamples.Sample bucket(double bound, double count) {
        return new MetricFamilySamples.Sample(
                metric.id() + "_bucket", List.of("le"), List.of(doubleToGoString(bound)), count);
    }

    private MetricFamilySamples.Sample sample(String suffix, double value) {
        return new MetricFamilySamples.Sample(metric.id() + suffix, List.of(), List.of(), value);
    }
}
