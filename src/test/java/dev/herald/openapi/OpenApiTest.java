package dev.herald.openapi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.openapi.ApiDocument.Operation;
import dev.herald.web.HubClient;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.TlsProfile;
import dev.herald.web.mercure.MercureDialect;
import dev.herald.web.quick.QuickDialect;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The document that a running hub serves, compared with its routes, its parsers and its answers. The profile has a list of
 * origins.
 */
@QuarkusTest
@TestProfile(TlsProfile.class)
class OpenApiTest {
    private static final String MERCURE = "/.well-known/mercure";
    private static final ApiDocument SOURCE = ApiDocument.read();

    /** Paths that give what a described one gives in one format. */
    private static final Set<String> OTHER_FORMS = Set.of("/q/openapi.json", "/q/openapi.yaml", "/q/openapi.yml");

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    Router router;

    @Inject
    QuickDialect quick;

    @Inject
    MercureDialect mercure;

    private Answer get(String path, Map<String, String> headers) {
        return hub.send(HttpMethod.GET, path, headers, Buffer.buffer());
    }

    private JsonNode served() throws Exception {
        return new ObjectMapper()
                .readTree(get("/q/openapi?format=JSON", Map.of()).body());
    }

    @Test
    void servedDocumentIsTheSourceWithVersionAndServer() throws Exception {
        JsonNode served = served();

        assertThat(ApiDocumentTest.faults(served)).isEmpty();
        assertThat(served.at("/info/version").asText())
                .isEqualTo(ConfigProvider.getConfig().getValue("quarkus.application.version", String.class));
        assertThat(served.path("servers").findValuesAsText("url")).containsExactly("/");
        for (String part : List.of("paths", "components", "tags")) {
            assertThat(served.path(part)).as(part).isEqualTo(SOURCE.root().path(part));
        }
        assertThat(served.at("/info/description")).isEqualTo(SOURCE.root().at("/info/description"));
        assertThat(served.at("/info/license")).isEqualTo(SOURCE.root().at("/info/license"));
    }

    @Test
    void documentIsRevalidatedAndNeedsNoToken() {
        for (String path : List.of("/q/openapi", "/q/openapi?format=JSON")) {
            Answer answer = get(path, Map.of());

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.headers().names())
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
            assertThat(answer.body()).contains("publishMessage");
        }
    }

    /** Routes of the server besides the resources, and the points at which it mounts others. */
    @Test
    void everyRouteOfTheServerIsDescribed() {
        Set<String> described =
                SOURCE.operations().stream().map(Operation::path).collect(Collectors.toSet());

        assertThat(router.getRoutes().stream().map(Route::getPath))
                .filteredOn(Objects::nonNull)
                .extracting(path -> path.replaceFirst("/?\\*?$", ""))
                .filteredOn(path -> described.stream().noneMatch(known -> (known + "/").startsWith(path + "/")))
                .filteredOn(path -> !OTHER_FORMS.contains(path))
                .isEmpty();
    }

    @Test
    void streamsHaveExactlyTheDescribedParameters() {
        assertThat(query("GET", "/SSE")).isEqualTo(new AcceptedParameters(quick, "").ofStream());
        assertThat(query("GET", "/sse")).isEqualTo(query("GET", "/SSE"));
        assertThat(query("GET", MERCURE)).isEqualTo(new AcceptedParameters(mercure, "topic=a").ofStream());
    }

    @Test
    void formsOfStreamsHaveTheParametersOfTheUrl() {
        for (String method : List.of("POST", "QUERY")) {
            assertThat(query(method, "/SSE")).isEqualTo(query("GET", "/SSE"));
            assertThat(query(method, "/sse")).isEqualTo(query("GET", "/SSE"));
        }
        assertThat(query("QUERY", MERCURE)).isEqualTo(query("GET", MERCURE));
        assertThat(names(streamForm("StreamForm"))).isEqualTo(query("GET", "/SSE"));
        assertThat(names(streamForm("MercureStreamForm"))).isEqualTo(query("GET", MERCURE));
    }

    private static JsonNode streamForm(String name) {
        return SOURCE.component("requestBodies", name)
                .at("/content/application~1x-www-form-urlencoded/schema/properties");
    }

    @Test
    void publishingRequestsHaveExactlyTheDescribedParameters() {
        assertThat(withToken("/message")).isEqualTo(new AcceptedParameters(quick, "message=a").ofPublishing());
        assertThat(withToken(MERCURE)).isEqualTo(new AcceptedParameters(mercure, "topic=a").ofPublishing());
    }

    @Test
    void formsHaveExactlyTheDescribedFields() {
        assertThat(fields("/message")).isEqualTo(new AcceptedParameters(quick, "message=a").ofForm());
        assertThat(fields(MERCURE)).isEqualTo(new AcceptedParameters(mercure, "topic=a").ofForm());
    }

    @Test
    void severalUpdatesHaveExactlyTheDescribedParametersAndMembers() {
        assertThat(withToken("/updates")).containsExactly("authorization");
        String detail = hub.send(
                        HttpMethod.POST,
                        "/updates",
                        Map.of("Content-Type", "application/json"),
                        Buffer.buffer("[{\"none\":1}]"))
                .body();

        String known = detail.replaceFirst("(?s).*Known are ([^.]*)\\..*", "$1");
        assertThat(Set.of(known.split(", | and ")))
                .isEqualTo(names(SOURCE.component("schemas", "Update").path("properties")));
    }

    @Test
    void historyHasExactlyTheDescribedParameters() {
        Set<String> accepted = AcceptedParameters.candidates().stream()
                .filter(name -> !get("/updates?" + name + "=1&topic=" + name, Map.of())
                        .body()
                        .contains("is not a parameter of this request"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(accepted).contains("authorization");
        accepted.remove("authorization");
        assertThat(query("GET", "/updates")).isEqualTo(accepted);
    }

    private static Set<String> query(String method, String path) {
        return SOURCE.parameters(SOURCE.operation(method, path), "query");
    }

    /** Query parameters of a publishing request, that of the token included. */
    private static Set<String> withToken(String path) {
        Operation operation = SOURCE.operation("POST", path);
        Set<String> names = new TreeSet<>(SOURCE.parameters(operation, "query"));
        ApiDocument.schemes(operation).stream()
                .map(scheme -> SOURCE.component("securitySchemes", scheme))
                .filter(scheme -> scheme.path("in").asText().equals("query"))
                .forEach(scheme -> names.add(scheme.path("name").asText()));
        return names;
    }

    private static Set<String> fields(String path) {
        return names(SOURCE.operation("POST", path)
                .description()
                .at("/requestBody/content/application~1x-www-form-urlencoded/schema/properties"));
    }

    private static Set<String> names(JsonNode properties) {
        Set<String> names = new TreeSet<>();
        properties.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void exposedAndAcceptedHeadersAreThoseOfTheDocument() {
        Map<String, String> page = Map.of("Origin", TlsProfile.LISTED, "Access-Control-Request-Method", "POST");
        Answer preflight = hub.send(HttpMethod.OPTIONS, "/message", page, Buffer.buffer());

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(list(preflight.header("Access-Control-Expose-Headers"))).isEqualTo(responseHeaders());
        Set<String> accepted = requestHeaders();
        // Of the security scheme, of each body, of polyfills that forbid caching, and of tracing.
        accepted.addAll(
                Set.of("Authorization", "Content-Type", "Cache-Control", "Pragma", "traceparent", "tracestate"));
        assertThat(list(preflight.header("Access-Control-Allow-Headers"))).isEqualTo(accepted);
    }

    private static Set<String> list(String header) {
        return Arrays.stream(header.split(", *")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Described headers of responses but those of caches and proxies, and of preflights. */
    private static Set<String> responseHeaders() {
        return SOURCE.components("headers").stream()
                .map(Map.Entry::getKey)
                .filter(name -> !Set.of("Cache-Control", "X-Accel-Buffering").contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> requestHeaders() {
        return SOURCE.operations().stream()
                .filter(operation -> !operation.method().equals("OPTIONS"))
                .flatMap(operation -> SOURCE.parameters(operation, "header").stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@link HubClient} compares each answer with the document; this shows that these paths are there. */
    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/sse", "/q/health", "/q/health/live", "/q/health/ready", "/q/health/started", "/q/metrics"
            })
    void pathIsServed(String path) {
        assertThat(get(path, Map.of()).status()).isEqualTo(200);
    }
}
