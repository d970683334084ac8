package dev.herald.tracing.otel;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.log.CapturedErrors;
import dev.herald.tracing.SpanCounters;
import dev.herald.tracing.SpanCounters.Loss;

import static org.assertj.core.api.Assertions.assertThat;

class ReportingExporterTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(ReportingExporter.class.getName(), Level.INFO);

    private final AtomicLong now = new AtomicLong();
    private final Collector collector = new Collector();
    private final SpanCounters counters = new SpanCounters();
    private final ReportingExporter exporter = new ReportingExporter(collector, "collector:4318", now::get, counters);

    private boolean export(Duration after) {
        now.addAndGet(after.toNanos());
        return exporter.export(Arrays.asList(null, null, null)).isSuccess();
    }

    @Test
    void lastingFailureIsReportedOnceAndItsEnd() {
        collector.fails = true;
        for (int i = 0; i < 100; i++) {
            assertThat(export(Duration.ofSeconds(5))).isFalse();
        }
        collector.fails = false;
        assertThat(export(Duration.ofSeconds(5))).isTrue();
        assertThat(export(Duration.ofSeconds(5))).isTrue();

        assertThat(logged.lines())
                .containsExactly(
                        "Spans cannot be exported, and are dropped. Updates are not affected. collector=collector:4318"
                                + " reason=java.net.ConnectException: refused",
                        "Spans are exported again. collector=collector:4318");
        assertThat(counters.lost(Loss.EXPORT_FAILED)).isEqualTo(300);
        assertThat(counters.exported()).isEqualTo(6);
    }

    @Test
    void exceptionIsAFailure() {
        logged.expect("Spans cannot be exported, and are dropped.");

        collector.throwsException = true;

        assertThat(export(Duration.ZERO)).isFalse();
        assertThat(counters.lost(Loss.EXPORT_FAILED)).isEqualTo(3);
    }

    /** Collector that fails on demand. */
    private static final class Collector implements SpanExporter {
        private boolean fails;
        private boolean throwsException;

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            if (throwsException) {
                throw new IllegalStateException("Failure injected by the test.");
            }
            return fails
                    ? CompletableResultCode.ofExceptionalFailure(
                            new IllegalStateException(new ConnectException("refused")))
                    : CompletableResultCode.ofSuccess();
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
