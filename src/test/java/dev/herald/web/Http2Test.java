package dev.herald.web;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.impl.ConnectionBase;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.log.CapturedErrors;
import dev.herald.sse.EventStream;
import dev.herald.sse.HttpClients;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL E10: many streams share one HTTP/2 connection, over TLS and in clear text. */
@QuarkusTest
@TestProfile(TlsProfile.class)
class Http2Test {
    private static final int STREAMS = 250;

    /** The hub logs no failure of a connection, and the clients report theirs themselves. */
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(ConnectionBase.class.getName());

    private final Vertx vertx = Vertx.vertx();
    private final List<EventStream> opened = new ArrayList<>();
    private final String topic = UUID.randomUUID().toString();

    /** Transport of HTTP/2. */
    enum Transport {
        TLS {
            @Override
            HttpClientOptions options() {
                return new HttpClientOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setTrustOptions(new PemTrustOptions().addCertPath(TlsProfile.certificate()))
                        .setDefaultPort(port("quarkus.http.test-ssl-port"));
            }
        },
        CLEAR_TEXT {
            @Override
            HttpClientOptions options() {
                return new HttpClientOptions().setDefaultPort(port("quarkus.http.test-port"));
            }
        };

        abstract HttpClientOptions options();

        String scheme() {
            return this == TLS ? "https" : "http";
        }

        private static int port(String key) {
            return ConfigProvider.getConfig().getValue(key, Integer.class);
        }
    }

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    /** Client with one connection. */
    private HttpClient client(Transport transport) {
        return HttpClients.create(
                vertx,
                transport
                        .options()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setDefaultHost("localhost")
                        .setHttp2ClearTextUpgrade(false)
                        .setHttp2MaxPoolSize(1));
    }

    private EventStream open(HttpClient client) {
        EventStream stream = EventStream.open(client, "/SSE?topic=" + topic);
        opened.add(stream);
        return stream;
    }

    private static void publish(HttpClient client, String topic, String json) {
        int status = Patience.done(client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setURI("/message?topic=" + topic)
                        .putHeader("Content-Type", "application/json"))
                .compose(request -> request.send(Buffer.buffer(json.getBytes(StandardCharsets.UTF_8))))
                .map(response -> response.statusCode())
                .toCompletionStage());
        assertThat(status).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void e10ManyStreamsAndPostsShareOneConnection(Transport transport) {
        HttpClient client = client(transport);
        for (int i = 0; i < STREAMS; i++) {
            open(client);
        }

        for (int i = 0; i < 20; i++) {
            publish(client, topic, "" + i);
        }

        List<String> expected =
                IntStream.range(0, 20).mapToObj(Integer::toString).toList();
        for (EventStream stream : opened) {
            stream.awaitCount(21);
            assertThat(stream.version()).isEqualTo(HttpVersion.HTTP_2);
            assertThat(stream.data()).isEqualTo(expected);
        }
    }

    /** Uses another client: that of Vert.x refuses to reset so many streams. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void e10OpeningAndClosingStreamsDoesNotAffectOthers(Transport transport) throws Exception {
        java.net.http.HttpClient client = java.net.http.HttpClient.newBuilder()
                .sslContext(TlsProfile.trusting())
                .version(java.net.http.HttpClient.Version.HTTP_2)
                .build();
        int port = transport.options().getDefaultPort();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(transport.scheme() + "://localhost:" + port + "/SSE?topic=" + topic))
                .build();
        client.send(
                HttpRequest.newBuilder(request.uri().resolve("/q/health/live")).build(), BodyHandlers.discarding());
        HttpResponse<InputStream> staying = client.send(request, BodyHandlers.ofInputStream());

        for (int i = 0; i < 1_000; i++) {
            HttpResponse<InputStream> passing = client.send(request, BodyHandlers.ofInputStream());
            assertThat(passing.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
            passing.body().close();
        }
        publish(client(transport), topic, "1");

        try (InputStream body = staying.body()) {
            assertThat(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))
                            .lines()
                            .filter(line -> line.equals("data: 1"))
                            .findFirst())
                    .isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void e9StalledStreamDelaysNoOtherConnectionAndLosesNothing(Transport transport) {
        HttpClient slowClient = client(transport);
        EventStream slow = open(slowClient).awaitCount(1);
        EventStream quick = open(client(transport)).awaitCount(1);
        slow.pause();
        String padding = "x".repeat(10_000);
        List<String> expected =
                IntStream.range(0, 500).mapToObj(i -> "\"" + i + padding + "\"").toList();
        HttpClient publisher = client(transport);

        expected.forEach(json -> publish(publisher, topic, json));

        quick.awaitCount(501);
        assertThat(quick.data()).isEqualTo(expected);
        assertThat(slow.count()).isLessThan(501);
        slow.resume();
        slow.awaitCount(501);
        assertThat(slow.data()).isEqualTo(expected);
    }

    /** Several HTTP/2 frames of the default size. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void openApiDocumentIsServedWhole(Transport transport) {
        String document = Patience.done(client(transport)
                .request(HttpMethod.GET, "/q/openapi")
                .compose(request -> request.send().compose(response -> {
                    assertThat(response.statusCode()).isEqualTo(200);
                    assertThat(request.version()).isEqualTo(HttpVersion.HTTP_2);
                    return response.body();
                }))
                .map(Buffer::toString)
                .toCompletionStage());

        assertThat(document)
                .hasSizeGreaterThan(1 << 14)
                .startsWith("---\nopenapi: 3.1")
                .contains("storage-full");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void q6TooLargeBodyIsRejectedAndTheConnectionIsReusable(Transport transport) {
        HttpClient client = client(transport);
        EventStream stream = open(client).awaitCount(1);

        int status = Patience.done(client.request(HttpMethod.POST, "/message?topic=" + topic)
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(Buffer.buffer(new byte[2 << 20])))
                .map(response -> response.statusCode())
                .toCompletionStage());

        assertThat(status).isEqualTo(413);
        publish(client, topic, "1");
        stream.awaitCount(2);
        eventually().until(stream::isOpen);
    }
}
