package dev.herald.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import dev.herald.web.HubClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/** Client of {@code GET /updates} (PROTOCOL Q16). */
record PastEvents(HubClient hub) {
    static final String LINES = "application/x-ndjson";

    Answer get(String query, Map<String, String> headers) {
        return hub.send(HttpMethod.GET, "/updates?" + query, headers, Buffer.buffer());
    }

    Answer get(String query) {
        return get(query, Map.of());
    }

    /** A document; fails if the answer is not one. */
    Document read(String query, Map<String, String> headers) {
        return document(get(query, headers));
    }

    Document read(String query) {
        return read(query, Map.of());
    }

    /** A document that may come later. */
    Future<Document> reading(String query, Map<String, String> headers) {
        return hub.sending(HttpMethod.GET, "/updates?" + query, headers, Buffer.buffer())
                .map(PastEvents::document);
    }

    /** All lines; fails if the answer has none. */
    Document lines(String query, Map<String, String> headers) {
        Answer answer = get(query, headers);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith(LINES);
        assertThat(answer.body()).endsWith("}\n");
        List<JsonObject> lines =
                Stream.of(answer.body().split("\n")).map(JsonObject::new).toList();
        JsonObject last = lines.get(lines.size() - 1);
        return new Document(lines.subList(0, lines.size() - 1), last.getString("next"), last.getBoolean("gap"));
    }

    Document lines(String query) {
        return lines(query, Map.of("Accept", LINES));
    }

    private static Document document(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        JsonObject json = new JsonObject(answer.body());
        assertThat(json.fieldNames()).containsExactly("events", "next", "gap");
        JsonArray events = json.getJsonArray("events");
        return new Document(
                events.stream().map(JsonObject.class::cast).toList(), json.getString("next"), json.getBoolean("gap"));
    }

    static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Events of an answer, and its end. */
    record Document(List<JsonObject> events, String next, boolean gap) {
        List<String> ids() {
            return events.stream().map(event -> event.getString("id")).toList();
        }

        /** The number in the data of each event. */
        List<Integer> numbers() {
            return events.stream()
                    .map(event -> event.getJsonObject("data").getInteger("n"))
                    .toList();
        }

        /** Query of the request that continues. */
        String since() {
            return "since=" + escaped(next);
        }
    }
}
