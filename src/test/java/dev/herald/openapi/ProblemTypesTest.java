package dev.herald.openapi;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import dev.herald.docs.ProblemTypes;
import dev.herald.openapi.ApiDocument.Operation;

import static org.assertj.core.api.Assertions.assertThat;

/** The document has each problem type, at its status and with the headers that go with it. */
class ProblemTypesTest {
    private static final String PREFIX = "urn:problem-type:herald:";
    private static final ApiDocument DOCUMENT = ApiDocument.read();

    @Test
    void schemaListsExactlyTheTypesOfTheHub() throws Exception {
        Set<String> all = new TreeSet<>();
        DOCUMENT.component("schemas", "Problem").at("/properties/type/enum").forEach(type -> all.add(type.asText()));

        Set<String> expected = new TreeSet<>(Set.of("about:blank"));
        ProblemTypes.statusByName().keySet().forEach(name -> expected.add(PREFIX + name));
        assertThat(all).isEqualTo(expected);
    }

    @Test
    void responsesListExactlyTheTypesOfTheHubWithTheirStatus() throws Exception {
        Map<String, String> described = new TreeMap<>();
        DOCUMENT.components("responses").forEach(response -> problem(response.getValue())
                .ifPresentTypes((status, type) -> described.merge(
                        type, status, (one, another) -> one.equals(another) ? one : one + " or " + another)));

        assertThat(described).isEqualTo(new TreeMap<>(ProblemTypes.statusByName()));
    }

    @Test
    void operationHasEachResponseAtTheStatusOfItsProblems() {
        assertThat(DOCUMENT.operations())
                .allSatisfy(operation -> responses(operation).forEach((status, response) -> problem(response)
                        .ifPresentTypes((declared, type) ->
                                assertThat(declared).as(operation + " " + type).isEqualTo(status))));
    }

    /** RFC 6750 §3, RFC 9110 §10.2.3 and §15.5.6: what {@code Problems} adds. */
    @Test
    void responsesNameTheHeadersThatTheirProblemsHave() {
        Map<String, List<String>> headers = Map.of(
                "401", List.of("WWW-Authenticate"),
                "405", List.of("Allow"),
                "429", List.of("Retry-After"),
                "503", List.of("Retry-After"),
                "507", List.of("Retry-After"));

        DOCUMENT.components("responses")
                .forEach(response -> problem(response.getValue()).ifPresentTypes((status, type) -> assertThat(
                                response.getValue().path("headers").fieldNames())
                        .toIterable()
                        .as(response.getKey())
                        .containsAll(headers.getOrDefault(status, List.of()))));
    }

    private static Map<String, JsonNode> responses(Operation operation) {
        Map<String, JsonNode> responses = new TreeMap<>();
        operation
                .description()
                .path("responses")
                .properties()
                .forEach(response -> responses.put(response.getKey(), DOCUMENT.resolved(response.getValue())));
        return responses;
    }

    private static Described problem(JsonNode response) {
        JsonNode schema = response.at("/content/application~1problem+json/schema/allOf/1/properties");
        return new Described(schema);
    }

    /** Status and types of a response with problems. */
    private record Described(JsonNode properties) {
        interface Receiver {
            void accept(String status, String type);
        }

        void ifPresentTypes(Receiver receiver) {
            Stream.Builder<String> types = Stream.builder();
            properties.at("/type/enum").forEach(type -> types.add(type.asText()));
            types.build()
                    .filter(type -> type.startsWith(PREFIX))
                    .forEach(type ->
                            receiver.accept(properties.at("/status/const").asText(), type.substring(PREFIX.length())));
        }
    }
}
