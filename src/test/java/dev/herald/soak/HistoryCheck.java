package dev.herald.soak;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.herald.sse.Message;
import dev.herald.sse.SseParser;

/**
 * Check of past events at quiet points: an export of all events since the last one is the log of the round (PROTOCOL
 * Q16), and an answer and a stream with the latest event of each topic have what a model says (PROTOCOL Q18). One thread
 * uses it.
 */
final class HistoryCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LINES = "application/x-ndjson";
    private static final int BUFFER_BYTES = 1 << 14;
    private static final int MOST_RETRIES = 100;
    private static final int RETRY_MILLIS = 100;

    private final Access hub;
    private final long seed;
    private final boolean keepsEverything;
    private final Tally tally;
    private final Faults faults;
    private final Random random;
    private final List<HttpClient> clients;
    private final LatestModel model;
    private final List<Stored> exported = new ArrayList<>();
    private String next = Replay.EARLIEST;
    private boolean gap;

    HistoryCheck(Access hub, long seed, boolean keepsEverything, Tally tally, Faults faults, Random random) {
        this.hub = hub;
        this.seed = seed;
        this.keepsEverything = keepsEverything;
        this.tally = tally;
        this.faults = faults;
        this.random = random;
        this.clients = List.of(hub.client(HttpClient.Version.HTTP_1_1), hub.http2());
        this.model = new LatestModel(seed, keepsEverything);
    }

    /** Reads the events since the last call, and the latest ones of each topic. Call it while nobody publishes. */
    void read() throws IOException, InterruptedException {
        export();
        List<Kind> kinds = Kind.all();
        Kind kind = kinds.get(random.nextInt(kinds.size()));
        List<Long> document = latest(kind);
        List<Long> streamed = latestStreamed(kind);
        tally.count(Tally.Seen.LATEST_OF_TOPIC, document.size());
        model.check(kind, document).ifPresent(fault -> faults.add("latest of %s: %s", kind.name(), fault));
        if (!streamed.equals(document)) {
            faults.add("latest of %s: a stream has %s, and an answer %s", kind.name(), streamed, document);
        }
    }

    /**
     * Verifies that what {@link #read} has exported before the last event of a round is what the round has.
     *
     * @param round the events of the round in the log's order
     */
    void compare(List<Stored> round) {
        List<Stored> expected = round.subList(0, round.size() - 1);
        List<Stored> found = List.copyOf(exported);
        boolean same = gap
                ? found.size() <= expected.size()
                        && expected.subList(expected.size() - found.size(), expected.size())
                                .equals(found)
                : expected.equals(found);
        if (!same || gap && keepsEverything) {
            faults.add(
                    "export: %d events instead of %d, gap=%s, and the same only until place %d",
                    found.size(), expected.size(), gap, samePrefix(found, expected));
        }
        exported.clear();
        // It was published after the export, which begins with it the next time.
        exported.add(round.get(round.size() - 1));
    }

    private static int samePrefix(List<Stored> some, List<Stored> others) {
        int different = Arrays.mismatch(some.toArray(), others.toArray());
        return different < 0 ? some.size() : different;
    }

    private void export() throws IOException, InterruptedException {
        String query = "/updates?topic=*&since=" + Selector.escaped(next);
        String[] lines = get(Kind.WITNESS, query, LINES).split("\n");
        List<Stored> bell = List.copyOf(exported);
        exported.clear();
        for (String line : Arrays.asList(lines).subList(0, lines.length - 1)) {
            stored(JSON.readTree(line));
        }
        JsonNode last = JSON.readTree(lines[lines.length - 1]);
        if (!last.hasNonNull("next")) {
            throw new IOException("An export was cut off: " + lines[lines.length - 1]);
        }
        // The start of a log that keeps little is no gap, and yet events before it are missing.
        gap = last.get("gap").asBoolean() || next.equals(Replay.EARLIEST) && !keepsEverything;
        next = last.get("next").asText();
        if (!bell.isEmpty() && !gap) {
            if (exported.isEmpty() || !exported.get(0).equals(bell.get(0))) {
                faults.add(
                        "export: does not continue with %s",
                        Attempt.marker(bell.get(0).attempt()));
            } else {
                exported.remove(0);
            }
        }
    }

    private void stored(JsonNode event) {
        OptionalLong attempt = Attempt.find(event.toString());
        if (attempt.isEmpty()) {
            // About a subscription.
            return;
        }
        Envelopes.check(event, Plan.of(seed, attempt.getAsLong()))
                .ifPresent(fault -> faults.add("export: %s: %s", Attempt.marker(attempt.getAsLong()), fault));
        exported.add(new Stored(attempt.getAsLong(), event.get("id").asText().hashCode()));
        model.add(attempt.getAsLong());
        tally.count(Tally.Seen.EXPORTED);
    }

    private List<Long> latest(Kind kind) throws IOException, InterruptedException {
        String answer = get(kind, "/updates?since=latest&limit=1000&" + kind.topics(), "application/json");
        List<Long> found = new ArrayList<>();
        for (JsonNode event : JSON.readTree(answer).get("events")) {
            Attempt.find(event.toString()).ifPresent(found::add);
        }
        return found;
    }

    private List<Long> latestStreamed(Kind kind) throws IOException, InterruptedException {
        Map<String, String> headers = kind.token()
                .map(token -> Map.of("Authorization", "Bearer " + token))
                .orElse(Map.of());
        List<Message> received = new ArrayList<>();
        SseParser parser = new SseParser(received::add, () -> {});
        Kind.Transport transport = random.nextBoolean() ? Kind.Transport.HTTP_1 : Kind.Transport.HTTP_2;
        try (Wire wire = hub.open(transport, "/SSE?since=latest&" + kind.topics(), headers)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            int read = 0;
            while (read >= 0
                    && received.stream().noneMatch(message -> message.type().equals("live"))) {
                read = wire.body().read(buffer);
                parser.feed(Arrays.copyOf(buffer, Math.max(0, read)));
            }
        }
        List<Long> found = new ArrayList<>();
        for (Message message : received) {
            if (message.type().equals("live")) {
                return found;
            }
            Attempt.find(message.data()).ifPresent(found::add);
        }
        throw new IOException("A stream with the latest events ended before 'live': " + received);
    }

    private String get(Kind kind, String target, String accept) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(hub.address(false, target)).header("Accept", accept);
        kind.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        HttpClient client = clients.get(random.nextInt(clients.size()));
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        for (int i = 0; i < MOST_RETRIES && response.statusCode() == 503; i++) {
            // The hub has little memory.
            Thread.sleep(RETRY_MILLIS);
            response = client.send(request.build(), BodyHandlers.ofString());
        }
        if (response.statusCode() != 200) {
            throw new IOException("history was answered with " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }
}
