package dev.herald.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of a port of its own for the administration, on a hub that lists other origins. */
@QuarkusTest
@TestProfile(TlsProfile.class)
class AdminPortTest {
    private static final String ADMIN = TokenMint.wellKnown().token("{\"mercure\":{\"admin\":true}}");

    private final HttpClient client;

    AdminPortTest() throws Exception {
        client = HttpClient.newBuilder().sslContext(TlsProfile.trusting()).build();
    }

    private HttpResponse<String> send(HttpClient.Version version, String method, String url, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .version(version)
                .header("Authorization", "Bearer " + ADMIN)
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String adminUrl(String path) {
        return "http://localhost:" + port("herald.admin.port-number") + path;
    }

    private static int port(String key) {
        return ConfigProvider.getConfig().getValue(key, Integer.class);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void portOfItsOwnServesTheAdministration(HttpClient.Version version) throws Exception {
        HttpResponse<String> answer = send(version, "GET", adminUrl("/admin/streams"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).startsWith("{\"streams\":[");
        assertThat(send(version, "DELETE", adminUrl("/admin/events?topic=none")).body())
                .isEqualTo("{\"purged\":0,\"erased\":true}");
    }

    @ParameterizedTest
    @CsvSource({"GET, /streams", "DELETE, /events?topic=a", "PUT, /revocations", "GET, ''"})
    void otherPortsAnswer404(String method, String path) throws Exception {
        for (String base : new String[] {
            "http://localhost:" + port("quarkus.http.test-port"),
            "https://localhost:" + port("quarkus.http.test-ssl-port")
        }) {
            HttpResponse<String> answer = send(HttpClient.Version.HTTP_1_1, method, base + "/admin" + path);

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("urn:problem-type:herald:not-found");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/SSE",
                "/q/metrics",
                "/admin/../SSE",
                "/admin",
                "/admin/streams/../../SSE",
                "/%61dmin/streams"
            })
    void portOfItsOwnServesNothingElse(String path) throws Exception {
        for (String method : new String[] {"GET", "POST", "OPTIONS", "TRACE"}) {
            HttpResponse<String> answer = send(HttpClient.Version.HTTP_1_1, method, adminUrl(path));

            assertThat(answer.statusCode()).as(method).isEqualTo(404);
            assertThat(answer.body()).as(method).contains("urn:problem-type:herald:not-found");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /streams, 'GET, HEAD, DELETE, OPTIONS'",
        "OPTIONS, /streams, 'GET, HEAD, DELETE, OPTIONS'",
        "GET, /streams/1, 'DELETE, OPTIONS'",
        "TRACE, /events, 'DELETE, OPTIONS'",
        "QUERY, /revocations, 'GET, HEAD, POST, DELETE, OPTIONS'"
    })
    void otherMethodsAreRefusedWithThoseThatAreAllowed(String method, String path, String allowed) throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpResponse<String> answer = send(version, method, adminUrl("/admin" + path));

            assertThat(answer.statusCode()).isEqualTo(method.equals("OPTIONS") ? 200 : 405);
            assertThat(answer.headers().firstValue("Allow")).contains(allowed);
        }
    }

    /** A listed origin may subscribe and publish. */
    @Test
    void listedOriginAdministersNothing() throws Exception {
        HttpResponse<String> answer = send(
                HttpClient.Version.HTTP_1_1, "DELETE", adminUrl("/admin/events?topic=a"), "Origin", TlsProfile.LISTED);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("foreign-origin");
    }

    @Test
    void streamsOfTheOtherPortsAreShown() throws Exception {
        HttpRequest stream = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + port("quarkus.http.test-ssl-port") + "/SSE?topic=admin-port"))
                .build();
        HttpResponse<java.io.InputStream> open = client.send(stream, BodyHandlers.ofInputStream());
        try (java.io.InputStream body = open.body()) {
            assertThat(body.read()).isPositive();

            HttpResponse<String> ended =
                    send(HttpClient.Version.HTTP_1_1, "DELETE", adminUrl("/admin/streams?selector=admin-port"));

            assertThat(ended.body()).isEqualTo("{\"ended\":1}");
            assertThat(new String(body.readAllBytes())).contains("\"reason\":\"kicked\"");
        }
    }
}
