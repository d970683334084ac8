package dev.herald.openapi;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.openapi.ApiDocument.Operation;
import dev.herald.web.HubClient;
import dev.herald.web.HubClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL Q12: at each path of the document, and at each file of the page, methods that it does not describe get
 * 405, and {@code OPTIONS} 200, with those that it describes in {@code Allow}. Elsewhere every method gets 404.
 */
@QuarkusTest
class MethodsTest {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "QUERY", "TRACE", "X-Y");

    /** Ways to write a path that Quarkus routes as the path itself. */
    private static final List<String> SPELLINGS = List.of("%s", "%s/", "/.%s", "%s;a=b");

    private static final ApiDocument DOCUMENT = ApiDocument.read();

    @RegisterExtension
    final HubClient hub = new HubClient();

    static Stream<String> paths() {
        return DOCUMENT.operations().stream().map(Operation::path).distinct();
    }

    private Answer send(String method, String path) {
        return hub.send(HttpMethod.valueOf(method), path, Map.of(), Buffer.buffer());
    }

    private static Set<String> described(String template) {
        Set<String> methods = DOCUMENT.operations().stream()
                .filter(operation -> operation.path().equals(template))
                .map(Operation::method)
                .collect(Collectors.toCollection(TreeSet::new));
        methods.add("OPTIONS");
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    private static Set<String> allowed(Answer answer) {
        return Arrays.stream(answer.header("Allow").split(", *")).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void q12PathAllowsTheDescribedMethods(String template) {
        Set<String> described = described(template);
        String path = template.replaceAll("\\{[^}]*}", "1");

        for (String method : METHODS) {
            if (!described.contains(method)) {
                Answer refused = send(method, path);
                assertThat(refused.status()).as(method).isEqualTo(405);
                assertThat(allowed(refused)).as(method).isEqualTo(described);
            }
        }
        Answer options = send("OPTIONS", path);
        assertThat(options.status()).isEqualTo(200);
        assertThat(allowed(options)).isEqualTo(described);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/message", "/updates", "/.well-known/mercure", "/admin/streams"})
    void q12PathAllowsTheSameHoweverItIsWritten(String path) {
        for (String spelling : SPELLINGS) {
            Answer refused = send("PUT", spelling.formatted(path));

            assertThat(refused.status()).as(spelling).isEqualTo(405);
            assertThat(allowed(refused)).as(spelling).isEqualTo(described(path));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "/page/dom.js",
                "/page/herald.css",
                "/q/health/",
                "/q/health/well",
                "/q/openapi.json"
            })
    void q12FileAndFormAreReadOnly(String path) {
        for (String method : METHODS.subList(2, METHODS.size())) {
            Answer refused = send(method, path);

            assertThat(refused.status()).as(method).isEqualTo(405);
            assertThat(refused.body()).contains("urn:problem-type:herald:method-not-allowed");
            assertThat(allowed(refused)).containsExactly("GET", "HEAD", "OPTIONS");
        }
        assertThat(allowed(send("OPTIONS", path))).containsExactly("GET", "HEAD", "OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/nothing", "/page", "/page/", "/page/nothing.js", "/q", "/q/nothing", "/admin", "/message/x"})
    void q12NoMethodIsAllowedWhereThereIsNothing(String path) {
        for (String method : METHODS) {
            Answer refused = send(method, path);

            assertThat(refused.status()).as(method).isEqualTo(404);
            if (!method.equals("HEAD")) {
                assertThat(refused.body()).contains("urn:problem-type:herald:not-found");
            }
        }
        assertThat(send("OPTIONS", path).status()).isEqualTo(404);
    }
}
