package dev.herald.tracing.otel;

import java.util.Collection;
import java.util.function.LongSupplier;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.jboss.logging.Logger;

import dev.herald.logging.WarningEpisodes;
import dev.herald.tracing.SpanCounters;
import dev.herald.tracing.SpanCounters.Loss;

/**
 * Exporter that reports failures of another one: a WARN when they begin, and an INFO when they end. It counts spans. The lines of the
 * SDK are off: they have a stack trace each. Thread-safe.
 */
final class ReportingExporter implements SpanExporter {
    private static final Logger LOG = Logger.getLogger(ReportingExporter.class);
    private static final int MAX_REASON = 200;

    private final SpanExporter exporter;
    private final String collector;
    private final WarningEpisodes episodes;
    private final SpanCounters counters;
    private volatile boolean reported;

    /**
     * @param collector for the lines
     * @param nanoTime as {@link System#nanoTime()}
     */
    ReportingExporter(SpanExporter exporter, String collector, LongSupplier nanoTime, SpanCounters counters) {
        this.exporter = exporter;
        this.collector = collector;
        this.episodes = new WarningEpisodes(nanoTime);
        this.counters = counters;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        try {
            CompletableResultCode result = exporter.export(spans);
            result.whenComplete(() -> completed(result, spans.size()));
            return result;
        } catch (RuntimeException e) {
            failed(e, spans.size());
            return CompletableResultCode.ofFailure();
        }
    }

    private void completed(CompletableResultCode result, int spans) {
        if (!result.isSuccess()) {
            failed(result.getFailureThrowable(), spans);
            return;
        }
        counters.exported(spans);
        if (reported) {
            reported = false;
            LOG.infof("Spans are exported again. collector=%s", collector);
        }
    }

    private void failed(Throwable failure, int spans) {
        counters.lost(Loss.EXPORT_FAILED, spans);
        if (episodes.begins()) {
            reported = true;
            LOG.warnf(
                    "Spans cannot be exported, and are dropped. Updates are not affected. collector=%s reason=%s",
                    collector, reason(failure));
        }
    }

    private static String reason(Throwable failure) {
        if (failure instanceof HttpExportException answered && answered.getResponse() != null) {
            return "HTTP status " + answered.getResponse().statusCode();
        }
        Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
        String reason = cause == null ? "unknown" : cause.toString().replaceAll("\\p{Cntrl}", " ");
        return reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
