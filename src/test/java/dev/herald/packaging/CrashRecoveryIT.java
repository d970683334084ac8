package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.Rounds;
import dev.herald.packaging.KillableHub.Address;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests of the packaged hub, killed at random moments while clients publish and subscribe over HTTP, and restarted on
 * the same directory. Acknowledged updates are stored once and in order. A client that resumes with its last id gets
 * every event once, and no gap. A publisher with idempotency keys sends again until it is answered: each of its updates
 * is stored once (PROTOCOL Q15).
 */
class CrashRecoveryIT {
    private static final int ROUNDS = Rounds.of(10, 50);
    private static final int PUBLISHERS = 3;
    private static final int TOPICS = 3;
    private static final int MOST_ANSWERS_A_ROUND = 400;
    /** One start in this many is killed before it serves a request. */
    private static final int SHORT_STARTS = 5;

    private static final int LONGEST_SHORT_START_MILLIS = 1_500;
    /** The publisher that uses idempotency keys. */
    private static final int RETRYING = 0;

    private static final String LAST = "\"the last\"";

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> rejected = new ConcurrentLinkedQueue<>();
    private final Queue<String> retried = new ConcurrentLinkedQueue<>();
    private volatile boolean enough;

    @TempDir
    private Path temporary;

    private KillableHub hub;

    @BeforeAll
    static void needsAJar() throws IOException {
        PackagedHub.assumeJar();
    }

    @BeforeEach
    void create() throws IOException {
        System.out.println("CrashRecoveryIT seed=" + seed);
        hub = new KillableHub(temporary);
    }

    @AfterEach
    void stop() throws InterruptedException {
        enough = true;
        threads.shutdownNow();
        assertThat(threads.awaitTermination(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        hub.close();
    }

    @Test
    void acknowledgedUpdatesSurviveKillsAndReachResumingClientsOnce() throws Exception {
        hub.start();
        List<ResumingClient> subscribers = Stream.of("*", "t0", "t0&topic=t1", "t2&topic=t0")
                .map(topics -> new ResumingClient(hub, "/SSE?since=earliest&topic=" + topics))
                .toList();
        List<Future<?>> reading = new ArrayList<>();
        subscribers.forEach(subscriber -> reading.add(threads.submit(subscriber)));
        List<Future<?>> writing = new ArrayList<>();
        IntStream.range(0, PUBLISHERS).forEach(p -> writing.add(threads.submit(() -> publish(p))));

        for (int round = 0; round < ROUNDS; round++) {
            killAndStart("quiet-" + round);
        }
        enough = true;
        join(writing);
        subscribers.forEach(subscriber -> subscriber.endsWith(LAST));
        post(hub.address().client(), "t0", LAST);
        join(reading);

        List<Message> log = replay();
        everyAnswerIsThereOnceAndInOrder(log);
        everyRetriedUpdateIsAnswered(log);
        for (ResumingClient subscriber : subscribers) {
            assertThat(subscriber.connections()).as("seed=%d", seed).isGreaterThan(ROUNDS / 2);
        }
        receivedExactly(log, subscribers.get(0), "");
        receivedExactly(log, subscribers.get(1), "t0");
        receivedExactly(log, subscribers.get(2), "t0", "t1");
        receivedExactly(log, subscribers.get(3), "t0", "t2");
        assertThat(Container.warnings(hub.output())).as("seed=%d", seed).isEmpty();
    }

    /** Kills the hub under load; a subscriber of a topic without events is disconnected before its first event. */
    private void killAndStart(String quiet) throws IOException, InterruptedException {
        String path = "/SSE?topic=" + quiet;
        String cursor =
                EventStream.open(hub.address().client(), path).awaitCount(1).lastEventId();
        int target = answers.size() + random.nextInt(MOST_ANSWERS_A_ROUND);
        eventually().until(() -> answers.size() >= target);

        hub.kill();
        if (random.nextInt(SHORT_STARTS) == 0) {
            hub.startAndKillAfter(Duration.ofMillis(random.nextInt(LONGEST_SHORT_START_MILLIS)));
        }
        hub.start();

        String data = "\"" + quiet + "\"";
        post(hub.address().client(), quiet, data);
        try (EventStream back = EventStream.open(hub.address().client(), path, Map.of("Last-Event-ID", cursor))) {
            back.awaitCount(2);
            assertThat(back.messages())
                    .as("seed=%d, %s", seed, quiet)
                    .extracting(Message::type, Message::data)
                    .containsExactly(tuple("message", "{}"), tuple("message", data));
        }
    }

    private void publish(int publisher) {
        for (int n = 0; !enough; n++) {
            String topic = "t" + (publisher + n) % TOPICS;
            String data = "\"" + topic + ":" + publisher + ":" + n + "\"";
            if (publisher == RETRYING) {
                publishOnce(topic, data, n);
            } else {
                // If it fails, whether it was stored is unknown.
                tryTo(address -> post(address.client(), topic, data));
            }
        }
    }

    /** Sends an update until it is answered, whatever happens. */
    private void publishOnce(String topic, String data, int n) {
        long sent = System.nanoTime();
        while (!tryTo(address -> post(address.client(), topic, data, Map.of("Idempotency-Key", "key-" + n), sent))) {
            retried.add(data);
        }
    }

    /** Whether a request was answered; if not, waits for the next start. */
    private boolean tryTo(Consumer<Address> request) {
        Address address = hub.address();
        try {
            request.accept(address);
            return true;
        } catch (CompletionException cut) {
            hub.awaitStartAfter(address, () -> enough);
            return false;
        }
    }

    private void post(HttpClient client, String topic, String data) {
        post(client, topic, data, Map.of(), System.nanoTime());
    }

    private void post(HttpClient client, String topic, String data, Map<String, String> headers, long sent) {
        HttpClientResponse response = done(client.request(HttpMethod.POST, "/message?topic=" + topic)
                .compose(request -> {
                    headers.forEach(request::putHeader);
                    return request.putHeader("Content-Type", "application/json").send(data);
                })
                .toCompletionStage());
        if (response.statusCode() == 200) {
            answers.add(new Answer(response.getHeader("Event-ID"), data, sent, System.nanoTime()));
        } else {
            rejected.add(data);
        }
    }

    private List<Message> replay() {
        try (EventStream all = EventStream.open(hub.address().client(), "/SSE?topic=*&lastEventID=earliest")) {
            eventually().until(() -> all.data().contains(LAST));
            return all.messages().subList(1, all.count());
        }
    }

    private void everyAnswerIsThereOnceAndInOrder(List<Message> log) {
        assertThat(log).extracting(Message::id).as("seed=%d", seed).doesNotHaveDuplicates();
        assertThat(log).extracting(Message::data).as("seed=%d", seed).doesNotHaveDuplicates();
        assertThat(log).extracting(Message::data).as("seed=%d", seed).noneMatch(rejected::contains);
        Map<String, Answer> answered = new HashMap<>();
        answers.forEach(answer -> answered.put(answer.id(), answer));
        Answer sentLast = new Answer("", "", Long.MIN_VALUE, Long.MIN_VALUE);
        for (Message message : log) {
            Answer answer = answered.remove(message.id());
            if (answer == null) {
                // It was stored, and its response was lost.
                continue;
            }
            assertThat(message.data()).isEqualTo(answer.data());
            assertThat(answer.answeredAt())
                    .as("seed=%d: %s precedes %s", seed, sentLast.data(), answer.data())
                    .isGreaterThan(sentLast.sentAt());
            sentLast = answer.sentAt() > sentLast.sentAt() ? answer : sentLast;
        }
        assertThat(answered).as("seed=%d: acknowledged and lost", seed).isEmpty();
    }

    /** Its updates were sent one after the other, so a stored one that was not answered would be a double. */
    private void everyRetriedUpdateIsAnswered(List<Message> log) {
        String own = ":" + RETRYING + ":";
        List<String> answered = answers.stream()
                .map(Answer::data)
                .filter(data -> data.contains(own))
                .toList();
        assertThat(log)
                .extracting(Message::data)
                .filteredOn(data -> data.contains(own))
                .as("seed=%d", seed)
                .isEqualTo(answered);
        assertThat(retried).as("seed=%d", seed).isNotEmpty();
    }

    private void receivedExactly(List<Message> log, ResumingClient subscriber, String... topics) {
        List<Message> own = log.stream()
                .filter(message -> message.data().equals(LAST)
                        || Stream.of(topics).anyMatch(topic -> message.data().startsWith("\"" + topic)))
                .toList();
        assertThat(subscriber.received())
                .as("seed=%d, topics %s", seed, List.of(topics))
                .isEqualTo(own);
    }

    private static void join(List<Future<?>> tasks) throws Exception {
        for (Future<?> task : tasks) {
            task.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Update acknowledged with 200, and the time in nanoseconds. */
    private record Answer(String id, String data, long sentAt, long answeredAt) {}
}
