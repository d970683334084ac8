package dev.herald.frames;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.EventJson;
import dev.herald.event.Frame;
import dev.herald.event.Topic;
import dev.herald.event.Update;

import static org.assertj.core.api.Assertions.assertThat;

class EnvelopeCacheTest {
    private static final int THREADS = 4;

    private static Event event(long position, String data) {
        return Event.of(position, new EventId("e" + position), Instant.EPOCH, false, Update.of(new Topic("t"), data));
    }

    @Test
    void q17EventHasOneEnvelope() {
        EnvelopeCache cache = new EnvelopeCache(1 << 20);
        Event event = event(1, "{}");

        Frame frame = cache.frame(event);

        assertThat(frame).isEqualTo(EventJson.of(event).frame()).isSameAs(cache.frame(event));
        assertThat(cache.bytes()).isEqualTo(event.heapBytes() + frame.size());
    }

    @Test
    void eventThatWasReadAgainReplacesTheOther() {
        EnvelopeCache cache = new EnvelopeCache(1 << 20);
        Frame first = cache.frame(event(1, "{}"));
        Event again = event(1, "{}");

        Frame second = cache.frame(again);

        assertThat(second).isEqualTo(first).isSameAs(cache.frame(again));
        assertThat(cache.bytes()).isEqualTo(again.heapBytes() + second.size());
    }

    @Test
    void oldestEnvelopesAreEvictedBeyondTheLimit() {
        EnvelopeCache cache = new EnvelopeCache(20_000);
        Event first = event(1, "x".repeat(1_000));
        Frame frame = cache.frame(first);

        IntStream.rangeClosed(2, 100).forEach(position -> cache.frame(event(position, "x".repeat(1_000))));

        assertThat(cache.bytes()).isBetween(10_000L, 20_000L);
        assertThat(cache.frame(first)).isEqualTo(frame).isNotSameAs(frame);
    }

    @Test
    void newestEnvelopeIsKeptWhateverItsSize() {
        EnvelopeCache cache = new EnvelopeCache(1);
        Event large = event(1, "x".repeat(100_000));

        assertThat(cache.frame(large)).isSameAs(cache.frame(large));
        cache.frame(event(2, "{}"));

        assertThat(cache.bytes()).isLessThan(2_000);
    }

    @Test
    void threadsThatAskAtOnceGetTheSameEnvelopes() throws Exception {
        EnvelopeCache cache = new EnvelopeCache(1 << 20);
        List<Event> events = IntStream.rangeClosed(1, 200)
                .mapToObj(position -> event(position, "[" + position + "]"))
                .toList();
        Set<Frame> different = ConcurrentHashMap.newKeySet();
        CountDownLatch start = new CountDownLatch(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<List<Frame>>> all = IntStream.range(0, THREADS)
                    .mapToObj(thread -> threads.submit(() -> {
                        start.countDown();
                        start.await();
                        return events.stream().map(cache::frame).toList();
                    }))
                    .toList();
            for (Future<List<Frame>> one : all) {
                List<Frame> frames = one.get();
                for (int i = 0; i < frames.size(); i++) {
                    assertThat(frames.get(i)).isSameAs(cache.frame(events.get(i)));
                }
                different.addAll(frames);
            }
        } finally {
            threads.shutdown();
        }

        assertThat(different).hasSameSizeAs(events);
        assertThat(cache.bytes())
                .isEqualTo(events.stream()
                        .mapToLong(
                                event -> event.heapBytes() + cache.frame(event).size())
                        .sum());
    }
}
