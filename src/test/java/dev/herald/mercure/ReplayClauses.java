package dev.herald.mercure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.Patience;
import dev.herald.sse.EventStream;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of PROTOCOL E5 with long replays during concurrent publishing, where other hubs have failed. */
abstract class ReplayClauses extends Clauses {
    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    @Policy("the hub may discard events")
    void e5ThousandsOfEventsAreReplayedFromAnyId() {
        int count = 10_500;
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> storm = hub.publishNumbers(topic, count, ids);
        for (int published = 0; !storm.isDone(); published += 1_000) {
            // A busy machine publishes slowly, but makes progress.
            int least = Math.min(count, published);
            eventually().until(() -> storm.isDone() || ids.size() >= least);
        }
        storm.join();

        for (int from : new int[] {0, count - 10_001, count - 1_001, count - 2, count - 1}) {
            EventStream stream = hub.resume(topic, ids.get(from));

            assertThat(stream.headers().get("Last-Event-ID")).isEqualTo(ids.get(from));
            assertThat(stream.awaitCount(count - 1 - from).data()).isEqualTo(numbers(from + 1, count));
        }
        assertThat(hub.resume(topic, "earliest").awaitCount(count).data()).isEqualTo(numbers(0, count));
    }

    @Test
    @Policy("the hub may discard events")
    void e5SubscriberThatJoinsDuringABurstGetsEachEventOnceInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int count = 4_000;
        int joins = 40;
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> storm = hub.publishNumbers(topic, count, ids);
        List<EventStream> streams = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();

        for (int i = 0; i < joins; i++) {
            int due = 1 + i * count / joins;
            eventually().until(() -> ids.size() >= due);
            int start = random.nextInt(4) == 0 ? -1 : random.nextInt(ids.size());
            starts.add(start);
            streams.add(hub.resume(topic, start < 0 ? "earliest" : ids.get(start)));
        }

        Patience.done(storm);
        for (int i = 0; i < streams.size(); i++) {
            int start = starts.get(i);
            assertThat(streams.get(i).awaitCount(count - 1 - start).data())
                    .as("seed %d, after %d", seed, start)
                    .isEqualTo(numbers(start + 1, count));
        }
    }

    @Test
    void e5LiveStreamMissesNothingOfABurst() {
        EventStream stream = hub.subscribe(topic);

        List<String> ids = new ArrayList<>();
        Patience.done(hub.publishNumbers(topic, 1_000, ids));

        assertThat(stream.awaitCount(1_000).data()).isEqualTo(numbers(0, 1_000));
        assertThat(stream.messages()).extracting("id").isEqualTo(ids);
    }

    /** A byte outside ASCII letters takes three characters in a form. */
    @ParameterizedTest
    @CsvSource({"x, 1048576", "'\n', 390000", "é, 190000", "🧀, 95000"})
    @OurHubOnly("a body of 1,200,000 bytes accepted")
    @Policy("the draft has no limit of data")
    void e2OneMebibyteOfDataArrivesUnchangedLiveAndInReplay(String letter, int count) {
        String data = letter.repeat(count);
        EventStream live = hub.subscribe(topic);

        hub.publishTo(topic, data);

        assertThat(live.awaitCount(1).data()).containsExactly(data);
        assertThat(hub.resume(topic, "earliest").awaitCount(1).data()).containsExactly(data);
    }
}
