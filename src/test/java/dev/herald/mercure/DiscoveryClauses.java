package dev.herald.mercure;

import java.util.Map;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.web.HubClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of discovery, and of unknown paths and methods (PROTOCOL M50, Q12). */
@OurHubOnly("the client page of this hub")
@Policy("the draft leaves the pages with the link to publishers")
abstract class DiscoveryClauses extends Clauses {
    private Answer send(String method, String path) {
        return hub.client().send(HttpMethod.valueOf(method), path, Map.of(), Buffer.buffer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/sse", "/index.html"})
    void m50TheClientPageLinksToTheHub(String page) {
        Answer answer = send("GET", page);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Link")).isEqualTo("</.well-known/mercure>; rel=\"mercure\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/page/herald.js", "/q/health/live", "/nothing"})
    void m50OtherResponsesHaveNoHubLink(String path) {
        assertThat(send("GET", path).header("Link")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT|/.well-known/mercure|GET, HEAD, POST, QUERY, OPTIONS",
                "DELETE|/.well-known/mercure|GET, HEAD, POST, QUERY, OPTIONS",
                "POST|/.well-known/mercure/subscriptions|GET, HEAD, OPTIONS",
                "PUT|/.well-known/mercure/subscriptions/a/b|GET, HEAD, OPTIONS",
            })
    void q12OtherMethodsGet405WithTheAllowedMethods(String method, String path, String allowed) {
        Answer answer = send(method, path);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/mercurex",
                "/.well-known",
                "/.well-known/mercure/nothing",
                "/.well-known/mercure/subscriptions/a/b/c"
            })
    void q12OtherPathsGet404WithTheKnownPaths(String path) {
        Answer answer = send("GET", path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("/.well-known/mercure", "/message", "/SSE");
    }
}
