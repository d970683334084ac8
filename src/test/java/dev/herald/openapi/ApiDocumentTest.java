package dev.herald.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.docs.Page;

import static org.assertj.core.api.Assertions.assertThat;

/** The document of the sources is OpenAPI 3.1, complete in itself, and has the licence of the build. */
class ApiDocumentTest {
    private static final ApiDocument DOCUMENT = ApiDocument.read();
    private static final Schemas SCHEMAS = new Schemas(DOCUMENT);

    /** The schema of the OpenAPI initiative, in which references to {@code $dynamicRef} are plain ones. */
    static List<String> faults(JsonNode document) throws IOException {
        try (InputStream schema = ApiDocumentTest.class.getResourceAsStream("/openapi/openapi-3.1-schema.json")) {
            return Schemas.faultsOf(new ObjectMapper().readTree(schema), document);
        }
    }

    @Test
    void documentIsValidOnceTheBuildHasAddedTheVersion() throws IOException {
        assertThat(faults(DOCUMENT.root())).singleElement().asString().contains("version");
        assertThat(faults(withVersion())).isEmpty();
    }

    @Test
    void unknownFieldMakesADocumentInvalid() throws IOException {
        ObjectNode document = withVersion();
        ((ObjectNode) document.at("/paths/~1message/post")).put("sumary", "a slip");

        assertThat(faults(document)).isNotEmpty();
    }

    private static ObjectNode withVersion() {
        ObjectNode document = DOCUMENT.root().deepCopy();
        ((ObjectNode) document.path("info")).put("version", "1");
        return document;
    }

    @Test
    void everyReferenceLeadsToAComponentAndEveryComponentIsReferenced() {
        Set<String> references = DOCUMENT.root().findValuesAsText("$ref").stream()
                .map(reference -> reference.substring(1))
                .collect(Collectors.toSet());
        Set<String> components = DOCUMENT.root().path("components").properties().stream()
                .filter(kind -> !kind.getKey().equals("securitySchemes"))
                .flatMap(kind -> kind.getValue().properties().stream()
                        .map(component -> "/components/" + kind.getKey() + "/" + component.getKey()))
                .collect(Collectors.toSet());
        Set<String> inText = Set.of(
                "/components/responses/MethodNotAllowed",
                "/components/schemas/Figures",
                "/components/schemas/Gap",
                "/components/schemas/End");

        assertThat(references)
                .isSubsetOf(components)
                .containsExactlyInAnyOrderElementsOf(components.stream()
                        .filter(component -> !inText.contains(component))
                        .toList());
    }

    static Stream<JsonNode> schemas() {
        return Stream.concat(
                DOCUMENT.root().findValues("schema").stream(),
                DOCUMENT.root().at("/components/schemas").valueStream());
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void schemaIsValidJsonSchema(JsonNode schema) {
        JsonNode dialect = new ObjectMapper().createObjectNode().put("$ref", SchemaId.V202012);

        assertThat(Schemas.faultsOf(dialect, schema)).isEmpty();
    }

    /** Examples of bodies that are objects or single texts; those of streams are in {@code StreamExamplesTest}. */
    @Test
    void examplesOfProblemsHaveTheirSchema() {
        List<JsonNode> problems = DOCUMENT.components("responses").stream()
                .map(response -> response.getValue().at("/content/application~1problem+json"))
                .filter(content -> content.has("example"))
                .toList();

        assertThat(problems).isNotEmpty().allSatisfy(content -> assertThat(
                        SCHEMAS.faults(content.path("schema"), content.path("example")))
                .isEmpty());
    }

    @Test
    void licenceIsThatOfTheBuild() {
        String build = Page.read(java.nio.file.Path.of("pom.xml")).text();
        JsonNode licence = DOCUMENT.root().at("/info/license");

        assertThat(build)
                .contains("<name>Apache-2.0</name>")
                .contains("<url>" + licence.path("url").asText() + "</url>");
        assertThat(licence.path("name").asText()).isEqualTo("Apache License 2.0");
    }
}
