package dev.herald.soak;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.StringJoiner;

/**
 * Publisher that sends its updates one by one, retries each until it is acknowledged, and records every attempt in the
 * ledger. The thread of {@link #run} owns it.
 */
final class Publisher implements Runnable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int RETRY_MILLIS = 50;
    private static final int MAX_PAUSE_MILLIS = 80;
    private static final int MAX_BURST = 60;
    private static final String FORM = "application/x-www-form-urlencoded";

    private final int number;
    private final long seed;
    private final URI hub;
    private final HttpClient client;
    private final Gate gate;
    private final Ledger ledger;
    private final Faults faults;
    private final Random random;
    private final String token = Kind.publisherToken();
    private long sequence;

    Publisher(int number, long seed, int port, HttpClient client, Gate gate, Ledger ledger, Faults faults) {
        this.number = number;
        this.seed = seed;
        this.hub = URI.create("http://localhost:" + port);
        this.client = client;
        this.gate = gate;
        this.ledger = ledger;
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
     * @return the acknowledged attempt, or {@link Attempt#GAP} if the run ended before
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
        return Attempt.GAP;
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
        ledger.refused(attempt, sentAt);
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
        HttpRequest.Builder request =
                switch (plan.form()) {
                    case QUICK_JSON -> quick(plan, attempt, "application/json");
                    case QUICK_TEXT -> quick(plan, attempt, "text/plain");
                    case QUICK_FORM -> form("/message", "message", plan, attempt);
                    case MERCURE -> form("/.well-known/mercure", "data", plan, attempt);
                };
        if (plan.token()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.timeout(TIMEOUT).build();
    }

    private HttpRequest.Builder quick(Plan plan, long attempt, String type) {
        return HttpRequest.newBuilder(hub.resolve("/message?" + fields(plan, attempt)))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(plan.sent(attempt)));
    }

    private HttpRequest.Builder form(String path, String field, Plan plan, long attempt) {
        String body = fields(plan, attempt) + "&" + field + "=" + Selector.escaped(plan.sent(attempt));
        return HttpRequest.newBuilder(hub.resolve(path))
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofString(body));
    }

    private static String fields(Plan plan, long attempt) {
        StringJoiner fields = new StringJoiner("&");
        plan.topics().forEach(topic -> fields.add("topic=" + Selector.escaped(topic)));
        plan.id(attempt).ifPresent(id -> fields.add("id=" + Selector.escaped(id)));
        plan.type().ifPresent(type -> fields.add("type=" + Selector.escaped(type)));
        if (plan.isPrivate()) {
            fields.add("private=on");
        }
        return fields.toString();
    }
}
