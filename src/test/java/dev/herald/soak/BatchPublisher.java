package dev.herald.soak;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Publisher of several updates in a request (PROTOCOL Q14) with an idempotency key (PROTOCOL Q15): it sends each request
 * again, unchanged, until it is acknowledged. So every update of it is in the log once, whenever the hub was killed. The
 * thread of {@link #run} owns it.
 */
final class BatchPublisher implements Runnable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int RETRY_MILLIS = 50;
    private static final int MAX_PAUSE_MILLIS = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final long seed;
    private final Access hub;
    private final HttpClient client;
    private final Gate gate;
    private final Ledger ledger;
    private final Tally tally;
    private final Faults faults;
    private final Random random;
    private final String token = Kind.publisherToken();
    private long sequence;
    private volatile int batches;
    private volatile int uncertain;

    BatchPublisher(long seed, Access hub, Gate gate, Ledger ledger, Tally tally, Faults faults) {
        this.seed = seed;
        this.hub = hub;
        this.client = hub.client(HttpClient.Version.HTTP_1_1);
        this.gate = gate;
        this.ledger = ledger;
        this.tally = tally;
        this.faults = faults;
        this.random = new Random(seed + Plan.BATCHES);
    }

    @Override
    public void run() {
        try {
            while (!gate.over()) {
                gate.pass(this::publish);
                Thread.sleep(random.nextInt(MAX_PAUSE_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            faults.add("batches failed: %s", e);
        }
    }

    /** Sends the next batch until it is acknowledged. */
    private void publish() throws Exception {
        List<Long> attempts = LongStream.range(sequence, sequence + Plan.batchSize(seed, sequence))
                .mapToObj(number -> Attempt.of(Plan.BATCHES, number, 0))
                .toList();
        HttpRequest request = request(attempts);
        long sentAt = System.nanoTime();
        boolean done = false;
        while (!done && !gate.over()) {
            done = sent(request, attempts, sentAt);
        }
        if (!done) {
            attempts.forEach(attempt -> ledger.uncertain(attempt, sentAt));
        }
        sequence = Plan.batch(sequence + 1);
    }

    /** Whether it was acknowledged. */
    private boolean sent(HttpRequest request, List<Long> attempts, long sentAt) throws Exception {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                acknowledge(attempts, response.body(), sentAt);
                return true;
            }
            if (response.statusCode() != 503
                    || response.headers().firstValue("Retry-After").isEmpty()) {
                faults.add("batches: %d %s", response.statusCode(), response.body());
            }
        } catch (ConnectException notSent) {
            // The hub starts.
        } catch (IOException cut) {
            uncertain++;
        }
        Thread.sleep(RETRY_MILLIS);
        return false;
    }

    private void acknowledge(List<Long> attempts, String body, long sentAt) throws IOException {
        long answeredAt = System.nanoTime();
        ArrayNode ids = (ArrayNode) JSON.readTree(body).get("ids");
        if (ids.size() != attempts.size()) {
            faults.add("batches: %d ids for %d updates", ids.size(), attempts.size());
            return;
        }
        for (int i = 0; i < attempts.size(); i++) {
            ledger.acknowledged(attempts.get(i), ids.get(i).asText(), sentAt, answeredAt);
        }
        batches++;
        tally.count(Tally.Seen.BATCH, attempts.size() > 1 ? 1 : 0);
    }

    private HttpRequest request(List<Long> attempts) {
        boolean lines = sequence / Plan.BATCH % 2 == 0;
        List<String> updates = attempts.stream().map(this::update).toList();
        String body = lines ? String.join("\n", updates) : "[" + String.join(" ,\n", updates) + "]";
        return HttpRequest.newBuilder(hub.address(sequence / Plan.BATCH % 3 == 0, "/updates"))
                .header("Content-Type", lines ? "application/x-ndjson" : "application/json")
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", "batch " + sequence)
                .timeout(TIMEOUT)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private String update(long attempt) {
        Plan plan = Plan.of(seed, attempt);
        ObjectNode update = JsonNodeFactory.instance.objectNode();
        plan.topics().forEach(update.putArray("topics")::add);
        update.put("data", plan.sent(attempt));
        update.put("private", plan.isPrivate());
        plan.id(attempt).ifPresent(id -> update.put("id", id));
        plan.type().ifPresent(type -> update.put("type", type));
        plan.retry().ifPresent(retry -> update.put("retry", retry));
        return update.toString();
    }

    /** Gives no id again that an update before had. Call while no update is being sent. */
    void startWindow() {
        sequence = Plan.batch(Plan.window(sequence));
    }

    /** Counts for the report. */
    String summary() {
        return "batches=" + batches + " (" + uncertain + " sent again)";
    }
}
