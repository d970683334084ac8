package dev.herald.ops.metrics;

import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheus.PrometheusMeterRegistry;

import dev.herald.ops.metrics.Metric.Type;
import dev.herald.stats.LatencyHistogram;

/**
 * Registrar of metrics as views of values that others keep: a scrape reads them, and nothing is counted twice. Suppliers
 * are called on worker threads.
 *
 * <p>The registry is deprecated in favour of one on another Prometheus client, which Quarkus 3.33 does not use yet.
 */
@SuppressWarnings("deprecation")
final class Views {
    private final PrometheusMeterRegistry registry;

    Views(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /** @param tags names and values of labels, in turn */
    void gauge(Metric metric, DoubleSupplier value, String... tags) {
        require(metric, Type.GAUGE);
        Gauge.builder(metric.id(), value::getAsDouble)
                .description(metric.help())
                .tags(tags)
                .register(registry);
    }

    /** @param tags names and values of labels, in turn */
    void counter(Metric metric, DoubleSupplier value, String... tags) {
        require(metric, Type.COUNTER);
        // The registry refers weakly to the object, and strongly to the function.
        FunctionCounter.builder(metric.id(), registry, any -> value.getAsDouble())
                .description(metric.help())
                .tags(tags)
                .register(registry);
    }

    void histogram(Metric metric, Supplier<LatencyHistogram> value) {
        require(metric, Type.HISTOGRAM);
        new HistogramView(metric, value).register(registry.getPrometheusRegistry());
    }

    private static void require(Metric metric, Type type) {
        if (metric.type() != type) {
            throw new IllegalStateException(metric.id() + " is no " + type + ".");
        }
    }

    /** Value of a label: a constant's name in lower case, with hyphens. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static double number(boolean truth) {
        return truth ? 1 : 0;
    }
}
