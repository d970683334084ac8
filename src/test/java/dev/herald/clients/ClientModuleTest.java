package dev.herald.clients;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Pages;
import dev.herald.guarded.Request;
import dev.herald.web.HubClient;
import dev.herald.web.HubClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of {@code /herald.js} and its types as files. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class ClientModuleTest {
    private static final int MAX_GZIPPED_BYTES = 10 << 10;
    private static final Pattern EXPORT = Pattern.compile("(?m)^export (?:declare )?(?:class|function|const) (\\w+)");
    private static final Pattern METHOD = Pattern.compile("(?m)^  (?:readonly |async |get )?(\\w+)\\??(?:<[^>]*>)?\\(");

    @RegisterExtension
    final HubClient hub = new HubClient();

    private Answer get(String path, Map<String, String> headers) {
        return hub.send(HttpMethod.GET, path, headers, Buffer.buffer());
    }

    @ParameterizedTest
    @CsvSource({"/herald.js, text/javascript;charset=UTF-8", "/herald.d.ts, text/plain;charset=UTF-8"})
    void isServedToPagesOfEveryOrigin(String path, String type) {
        Answer answer = get(path, Map.of("Origin", GuardedHub.FOREIGN_ORIGIN));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(type);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/herald.js", "/herald.d.ts"})
    void isNotSentAgainToAClientThatHasIt(String path) {
        String tag = get(path, Map.of()).header("ETag");

        Answer same = get(path, Map.of("If-None-Match", "\"other\", W/" + tag));
        Answer other = get(path, Map.of("If-None-Match", "\"other\""));

        assertThat(same.status()).isEqualTo(304);
        assertThat(same.header("ETag")).isEqualTo(tag);
        assertThat(same.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(other.status()).isEqualTo(200);
        assertThat(get("/page/dom.js", Map.of()).header("ETag")).isNull();
    }

    /** Each has a tag of its own. */
    @Test
    void isCompressedForAClientThatAcceptsIt() throws IOException {
        Answer plain = get("/herald.js", Map.of());
        HttpResponse<byte[]> compressed = HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + HubClient.port() + "/herald.js"))
                                .header("Accept-Encoding", "br, gzip")
                                .build(),
                        BodyHandlers.ofByteArray())
                .join();
        String tag = compressed.headers().firstValue("ETag").orElseThrow();

        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.headers().allValues("Vary")).contains("accept-encoding");
        assertThat(compressed.body()).hasSizeBetween(1_000, MAX_GZIPPED_BYTES - 1);
        try (InputStream module = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(module).hasContent(plain.body());
        }
        assertThat(plain.header("Content-Encoding")).isNull();
        assertThat(tag).isNotEqualTo(plain.header("ETag"));
        assertThat(get("/herald.js", Map.of("Accept-Encoding", "gzip", "If-None-Match", tag))
                        .status())
                .isEqualTo(304);
        assertThat(get("/herald.js", Map.of("If-None-Match", tag)).status()).isEqualTo(200);
    }

    /** By which the client notices a connection that was cut. */
    @ParameterizedTest
    @ValueSource(strings = {"/SSE?topic=a", "/sse?topic=a", "/.well-known/mercure?topic=a"})
    void e4HeadOfAStreamHasThePeriodOfItsHeartbeats(String path) {
        dev.herald.guarded.Answer answer = Request.get(path)
                .header("Accept", "text/event-stream")
                .header("Origin", Pages.listed())
                .send();

        assertThat(answer.header("Herald-Heartbeat")).contains("15000");
        assertThat(answer.header("Access-Control-Expose-Headers").orElseThrow()).contains("Herald-Heartbeat");
    }

    @Test
    void isSmallAndNeedsNothingElse() throws IOException {
        String module = get("/herald.js", Map.of()).body();

        ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(gzipped)) {
            gzip.write(module.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(gzipped.size()).isBetween(1_000, MAX_GZIPPED_BYTES - 1);
        assertThat(module).doesNotContainPattern("(?m)^import |import\\(");
    }

    @Test
    void typesDeclareWhatTheModuleExports() {
        String module = get("/herald.js", Map.of()).body();
        String types = get("/herald.d.ts", Map.of()).body();

        assertThat(names(EXPORT, types)).hasSizeGreaterThan(2).isEqualTo(names(EXPORT, module));
        assertThat(names(METHOD, classOf("Herald", types))).isEqualTo(names(METHOD, classOf("Herald", module)));
        assertThat(names(METHOD, classOf("StreamParser", types)))
                .isEqualTo(names(METHOD, classOf("StreamParser", module)));
    }

    private static String classOf(String name, String text) {
        String from = text.substring(text.indexOf("export class " + name + " "));
        return from.substring(0, from.indexOf("\n}"));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
