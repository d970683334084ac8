package dev.herald.tracing.otel;

import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.junit.jupiter.api.Test;

import dev.herald.Patience;
import dev.herald.tracing.SpanCounters;
import dev.herald.tracing.SpanCounters.Loss;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class SpanQueueTest {
    private static final int CAPACITY = 100;

    private final SpanCounters counters = new SpanCounters();
    private final SlowExporter exporter = new SlowExporter();

    private SdkTracerProvider provider(Sampler sampler) {
        return SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(new SpanQueue(
                        new ReportingExporter(exporter, "", System::nanoTime, counters),
                        CAPACITY,
                        Patience.LIMIT,
                        counters))
                .build();
    }

    private static void end(Tracer tracer, int spans) {
        for (int i = 0; i < spans; i++) {
            tracer.spanBuilder("any").startSpan().end();
        }
    }

    private static void flush(SdkTracerProvider provider) {
        assertThat(provider.forceFlush()
                        .join(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                        .isSuccess())
                .isTrue();
    }

    @Test
    void spansBeyondTheCapacityAreCountedAndAllOthersExported() {
        try (SdkTracerProvider provider = provider(Sampler.alwaysOn())) {
            Tracer tracer = provider.get("test");
            end(tracer, CAPACITY);
            eventually().until(() -> exporter.begun.getCount() == 0);
            end(tracer, CAPACITY + 25);
            assertThat(counters.lost(Loss.QUEUE_FULL)).isEqualTo(25);

            exporter.released.countDown();

            flush(provider);
            assertThat(counters.exported()).isEqualTo(2L * CAPACITY);
            end(tracer, 1);
            flush(provider);
            assertThat(counters.exported()).isEqualTo(2L * CAPACITY + 1);
            assertThat(counters.lost(Loss.QUEUE_FULL)).isEqualTo(25);
            assertThat(counters.lost(Loss.EXPORT_FAILED)).isZero();
        }
    }

    @Test
    void spansThatAreNotSampledOccupyNothing() {
        exporter.released.countDown();
        try (SdkTracerProvider provider = provider(Sampler.alwaysOff())) {
            end(provider.get("test"), 3 * CAPACITY);

            assertThat(counters.lost(Loss.QUEUE_FULL)).isZero();
        }
    }

    /** Exporter that waits for the test. */
    private static final class SlowExporter implements SpanExporter {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            begun.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
