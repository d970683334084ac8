package dev.herald.openapi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import dev.herald.sse.Message;
import dev.herald.sse.SseParser;

import static org.assertj.core.api.Assertions.assertThat;

/** The example frames of the document are event streams, and the data of their signals have the schemas. */
class StreamExamplesTest {
    private static final ApiDocument DOCUMENT = ApiDocument.read();
    private static final Schemas SCHEMAS = new Schemas(DOCUMENT);
    private static final Map<String, String> SCHEMA_OF_SIGNAL = Map.of("gap", "Gap", "end", "End");

    private static List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        DOCUMENT.root().findValues("text/event-stream").stream()
                .flatMap(content -> Stream.concat(
                        Stream.of(content.path("example")), content.path("examples").findValues("value").stream()))
                .filter(JsonNode::isTextual)
                .forEach(example -> {
                    SseParser parser = new SseParser(messages::add, () -> {});
                    parser.feed(example.asText().getBytes(StandardCharsets.UTF_8));
                });
        return messages;
    }

    @Test
    void signalsInExamplesHaveTheirSchema() throws Exception {
        List<Message> signals = messages().stream()
                .filter(message -> SCHEMA_OF_SIGNAL.containsKey(message.type()))
                .toList();

        assertThat(signals).extracting(Message::type).containsExactlyInAnyOrder("gap", "end");
        for (Message signal : signals) {
            JsonNode schema = DOCUMENT.component("schemas", SCHEMA_OF_SIGNAL.get(signal.type()));
            assertThat(SCHEMAS.faults(schema, new ObjectMapper().readTree(signal.data())))
                    .isEmpty();
        }
    }

    @Test
    void figuresInTheExampleHaveTheirSchema() throws Exception {
        String figures = messages().stream()
                .map(Message::data)
                .filter(data -> data.contains("\"deliveries\""))
                .findFirst()
                .orElseThrow();

        assertThat(SCHEMAS.faults(DOCUMENT.component("schemas", "Figures"), new ObjectMapper().readTree(figures)))
                .isEmpty();
    }
}
