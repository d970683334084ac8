package dev.herald.soak;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;

/**
 * Publisher that sends its updates one by one, retries each until it is acknowledged, and records every attempt in the
 * ledger. The thread of {@link #run} owns it.
 */
final class Publisher implements Runnable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int RETRY_MILLIS = 50;
    private static final int MAX_PAUSE_MILLIS = 80;
    private static final int MAX_BURST = 60;

    private final int number;
    private final long seed;
    private final Way way;
    private final Access hub;
    private final HttpClient client;
    private final Gate gate;
    private final Ledger ledger;
    private final Tally tally;
    private final Faults faults;
    private final Random random;
    private final String token = Kind.publisherToken();
    private long sequence;

    Publisher(int number, long seed, Access hub, Gate gate, Ledger ledger, Tally tally, Faults faults) {
        this.number = number;
        this.seed = seed;
        this.way = Way.of(number);
        this.hub = hub;
        this.client = hub.client(way == Way.TLS_HTTP_2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
        this.gate = gate;
        this.ledger = ledger;
        this.tally = tally;
        this.faults = faults;
        random = new Random(seed + number);
    }

    @Override
    public void run() {
        int burst = 0;
        try {
            while (!gate.over()) {
                gate.pass(this::publish);
                burst = burst > 0 ? burst - 1 : random.nextInt(300) == 0 ? MAX_BURST : 0;
                if (burst == 0) {
                    Thread.sleep(random.nextInt(MAX_PAUSE_MILLIS));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            faults.add("publisher %d failed: %s", number, e);
        }
    }

    /**
     * Sends the next update until it is acknowledged.
     *
     * @return the acknowledged attempt, or {@link Attempt#NONE} if the run ended before
     */
    long publish() throws InterruptedException {
        long next = sequence++;
        for (int i = 0; !gate.over(); i++) {
            long attempt = Attempt.of(number, next, i);
            if (sentOnce(attempt)) {
                return attempt;
            }
            Thread.sleep(RETRY_MILLIS);
        }
        return Attempt.NONE;
    }

    /** Gives no id again that an update before had. Call while no update is being sent. */
    void startWindow() {
        sequence = Plan.window(sequence);
    }

    /** Event id given for an attempt. */
    String id(long attempt) {
        return Plan.of(seed, attempt).id(attempt).orElseThrow();
    }

    /** Whether it was acknowledged. An attempt that reached no hub is retried under the same number. */
    private boolean sentOnce(long attempt) throws InterruptedException {
        HttpRequest request = request(attempt);
        long sentAt = System.nanoTime();
        while (!gate.over()) {
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                return isAcknowledged(attempt, sentAt, response);
            } catch (ConnectException notSent) {
                Thread.sleep(RETRY_MILLIS);
                sentAt = System.nanoTime();
            } catch (HttpTimeoutException e) {
                faults.add("publisher: no answer to %s within %s", Attempt.marker(attempt), TIMEOUT);
                ledger.uncertain(attempt, sentAt);
                return false;
            } catch (IOException cut) {
                ledger.uncertain(attempt, sentAt);
                return false;
            }
        }
        return false;
    }

    private boolean isAcknowledged(long attempt, long sentAt, HttpResponse<String> response) {
        long answeredAt = System.nanoTime();
        if (response.statusCode() == 200) {
            way.count(response.version(), tally);
            String id = response.headers().firstValue("Event-ID").orElse(response.body());
            ledger.acknowledged(attempt, utf8(id, response), sentAt, answeredAt);
            return true;
        }
        if (response.statusCode() != 503
                || response.headers().firstValue("Retry-After").isEmpty()) {
            faults.add(
                    "publisher: %s was answered with %d %s",
                    Attempt.marker(attempt), response.statusCode(), response.body());
        }
        ledger.rejected(attempt, sentAt);
        return false;
    }

    /** The client reads header fields as Latin-1. */
    private static String utf8(String id, HttpResponse<String> response) {
        return id.equals(response.body())
                ? id
                : new String(id.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private HttpRequest request(long attempt) {
        Plan plan = Plan.of(seed, attempt);
        HttpRequest.Builder request = new UpdateRequest(hub, way != Way.HTTP_1, plan, attempt).build();
        if (plan.token()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.timeout(TIMEOUT).build();
    }

    /** Transport of the requests. */
    private enum Way {
        HTTP_1,
        TLS_HTTP_1,
        TLS_HTTP_2;

        static Way of(int publisher) {
            return values()[publisher % values().length];
        }

        /** Java's client falls back to HTTP/1.1 if the hub is killed within a handshake, before it selects HTTP/2. */
        void count(HttpClient.Version version, Tally tally) {
            if (version == HttpClient.Version.HTTP_2 && this != TLS_HTTP_2) {
                throw new IllegalStateException("The hub answered over " + version + ".");
            }
            if (this != HTTP_1) {
                tally.count(
                        version == HttpClient.Version.HTTP_1_1
                                ? Tally.Seen.TLS_SENT_HTTP_1
                                : Tally.Seen.TLS_SENT_HTTP_2);
            }
        }
    }
}
