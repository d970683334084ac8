package dev.herald.openapi;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;

/** Validator of JSON against schemas of one document, which are JSON Schema 2020-12 (OpenAPI 3.1). Thread-safe. */
final class Schemas {
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode schemas;
    private final Map<JsonNode, JsonSchema> compiled = new ConcurrentHashMap<>();

    /** @param document to whose schemas references lead */
    Schemas(ApiDocument document) {
        this.schemas = document.root().at("/components/schemas");
    }

    /** What is wrong with a value; empty if the schema accepts it. */
    List<String> faults(JsonNode schema, JsonNode value) {
        return messages(compiled.computeIfAbsent(schema, this::compile), value);
    }

    private JsonSchema compile(JsonNode schema) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putArray("allOf").add(local(schema));
        root.set("$defs", local(schemas));
        return FACTORY.getSchema(root);
    }

    /** The same with references into the schema itself: {@code components} is no keyword of JSON Schema. */
    private static JsonNode local(JsonNode node) {
        try {
            return JSON.readTree(node.toString().replace("#/components/schemas/", "#/$defs/"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Jackson reads what it writes.", e);
        }
    }

    /** What is wrong with a value of a schema that needs no components. */
    static List<String> faultsOf(JsonNode schema, JsonNode value) {
        return messages(FACTORY.getSchema(schema), value);
    }

    private static List<String> messages(JsonSchema schema, JsonNode value) {
        return schema.validate(value).stream().map(ValidationMessage::toString).toList();
    }
}
