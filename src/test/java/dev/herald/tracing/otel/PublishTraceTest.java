package dev.herald.tracing.otel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;

import static org.assertj.core.api.Assertions.assertThat;

class PublishTraceTest {
    private final Exported exported = new Exported();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exported))
            .build();
    private final Tracer tracer = provider.get("test");
    private final Span request = tracer.spanBuilder("request").startSpan();
    private final AtomicInteger open = new AtomicInteger();

    @AfterEach
    void stop() {
        provider.close();
    }

    private PublishTrace trace(boolean namesTopics) {
        return new PublishTrace(tracer, request, SpanContext.getInvalid(), namesTopics, open);
    }

    private static Update update(String topic, boolean isPrivate) {
        return new Update(
                List.of(new Topic(topic)), "data", isPrivate, Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    private String topicOf(Update update, boolean namesTopics) {
        trace(namesTopics).enqueued(UpdateBatch.of(update));
        request.end();
        return exported.spans.get(0).getAttributes().get(SpanAttributes.DESTINATION);
    }

    @Test
    void topicOfAPublicUpdateIsExportedIfConfigured() {
        assertThat(topicOf(update("news", false), true)).isEqualTo("news");
    }

    @Test
    void longTopicIsCut() {
        assertThat(topicOf(update("n".repeat(4_000), false), true)).hasSize(256);
    }

    @Test
    void topicIsNotExportedByDefault() {
        assertThat(topicOf(update("news", false), false)).isNull();
    }

    @Test
    void topicOfAPrivateUpdateIsNeverExported() {
        assertThat(topicOf(update("news", true), true)).isNull();
    }

    @Test
    void appendIsInProgressUntilItIsStored() {
        PublishTrace trace = trace(false);

        trace.enqueued(UpdateBatch.of(update("news", false)));
        assertThat(open).hasValue(1);

        trace.taken();
        trace.stored();
        trace.failed();
        assertThat(open).hasValue(0);
        assertThat(exported.spans)
                .singleElement()
                .satisfies(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET));
    }

    @Test
    void failedAppendEndsWithAnError() {
        PublishTrace trace = trace(false);
        trace.enqueued(UpdateBatch.of(update("news", false)));

        trace.failed();

        assertThat(open).hasValue(0);
        assertThat(exported.spans)
                .singleElement()
                .satisfies(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
    }

    @Test
    void repeatedAppendEndsWithoutAnError() {
        PublishTrace trace = trace(false);
        trace.enqueued(UpdateBatch.of(update("news", false)));

        trace.taken();
        trace.repeated();

        assertThat(open).hasValue(0);
        assertThat(exported.spans).singleElement().satisfies(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(span.getEvents()).hasSize(2);
        });
    }

    @Test
    void requestWithSeveralUpdatesHasTheirNumberAndNoTopic() {
        trace(true).enqueued(new UpdateBatch(List.of(update("news", false), update("other", false)), Optional.empty()));
        request.end();

        assertThat(exported.spans.get(0).getAttributes().get(SpanAttributes.UPDATES))
                .isEqualTo(2);
        assertThat(exported.spans.get(0).getAttributes().get(SpanAttributes.DESTINATION))
                .isNull();
    }

    @Test
    void deliveryOfAnUpdateWithoutATraceparentIsLinkedToItsRequest() {
        PublishTrace trace = trace(false);
        trace.enqueued(UpdateBatch.of(update("news", false)));
        trace.stored();

        trace.delivered(2, 5);

        SpanData delivery = exported.spans.get(1);
        assertThat(delivery.getName()).isEqualTo("deliver");
        assertThat(delivery.getLinks()).singleElement().satisfies(link -> assertThat(link.getSpanContext())
                .isEqualTo(request.getSpanContext()));
        assertThat(delivery.getAttributes().get(SpanAttributes.STREAMS)).isEqualTo(5);
        assertThat(delivery.getAttributes().get(SpanAttributes.LOOPS)).isEqualTo(2);
        assertThat(delivery.getEndEpochNanos()).isGreaterThanOrEqualTo(delivery.getStartEpochNanos());
    }

    /** Exporter that keeps the spans. */
    private static final class Exported implements SpanExporter {
        private final List<SpanData> spans = new ArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
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
