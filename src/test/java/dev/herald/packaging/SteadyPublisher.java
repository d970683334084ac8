package dev.herald.packaging;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Publisher of the numbers from 0, one after the other and at a steady pace, over HTTP/1.1. It ends when the hub
 * rejects an update or no longer listens, and records each request that got no answer while the hub drained.
 */
final class SteadyPublisher implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final URI target;
    private final BooleanSupplier drained;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    /** Counts of answers; written by the publisher's thread only. */
    private final AtomicInteger accepted = new AtomicInteger();

    private final AtomicInteger acceptedWithClose = new AtomicInteger();
    private volatile boolean ended;

    /** @param drained whether the hub has ended its drain, and closes connections at any time */
    SteadyPublisher(URI target, Duration pace, BooleanSupplier drained) {
        this.target = target;
        this.drained = drained;
        thread.scheduleWithFixedDelay(this::publish, 0, pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void publish() {
        if (ended) {
            return;
        }
        try {
            record(client.send(
                    HttpRequest.newBuilder(target)
                            .timeout(DEADLINE)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(accepted.toString()))
                            .build(),
                    BodyHandlers.ofString()));
        } catch (ConnectException notSent) {
            end(drained.getAsBoolean(), "The hub did not listen: " + notSent);
        } catch (IOException e) {
            end(drained.getAsBoolean(), "A request was cut without an answer: " + e);
        } catch (InterruptedException e) {
            ended = true;
        }
    }

    private void record(HttpResponse<String> answer) {
        boolean closes = answer.headers()
                .firstValue("Connection")
                .filter("close"::equals)
                .isPresent();
        if (answer.statusCode() == 200) {
            acceptedWithClose.addAndGet(closes ? 1 : 0);
            accepted.incrementAndGet();
        } else {
            boolean retriable = answer.headers().firstValue("Retry-After").isPresent();
            end(
                    answer.statusCode() == 503 && closes && retriable,
                    "An unexpected answer: " + answer + " " + answer.headers() + answer.body());
        }
    }

    private void end(boolean expected, String fault) {
        ended = true;
        if (!expected) {
            faults.add(fault);
        }
    }

    /** Count of updates that were answered with 200. */
    int accepted() {
        return accepted.get();
    }

    /** Count of those answers that announced the end of their connection. */
    int acceptedWithClose() {
        return acceptedWithClose.get();
    }

    /** What must not happen to a request. */
    List<String> faults() {
        return faults;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
