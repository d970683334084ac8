package dev.herald.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLException;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Certificates;
import dev.herald.Patience;
import dev.herald.soak.Kind.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AccessTest {
    @TempDir
    private static Path directory;

    private final Vertx vertx = Vertx.vertx();

    @BeforeAll
    static void certify() {
        Certificates.generate(directory, "hub");
        Certificates.generate(directory, "other");
    }

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "TLS_HTTP_2"})
    void streamOverTlsIsRead(Transport transport) throws Exception {
        Access access = access("hub", serve(true, request -> request.response().end(request.path())));

        try (Wire wire = access.open(transport, "/SSE", Map.of())) {
            assertThat(wire.status()).isEqualTo(200);
        }
    }

    @Test
    void certificateThatIsNotTrustedFails() {
        Access access =
                access("other", serve(true, request -> request.response().end()));

        assertThatThrownBy(() -> access.open(Transport.TLS, "/SSE", Map.of())).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> access.open(Transport.TLS_HTTP_2, "/SSE", Map.of()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void http1InPlaceOfHttp2Fails() {
        Access access = access("hub", serve(false, request -> request.response().end()));

        assertThatIllegalStateException()
                .isThrownBy(() -> access.open(Transport.TLS_HTTP_2, "/SSE", Map.of()))
                .withMessage("The hub answered over HTTP_1_1.");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "TLS_HTTP_2"})
    void streamThatIsCutHasNoEnd(Transport transport) throws Exception {
        Access access = access("hub", serve(true, request -> request.response()
                .setChunked(true)
                .write("data")
                .onComplete(written -> request.connection().close())));

        try (Wire wire = access.open(transport, "/SSE", Map.of())) {
            assertThatThrownBy(() -> wire.body().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    private int serve(boolean http2, Handler<HttpServerRequest> handler) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(http2)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(directory.resolve("hub.crt").toString())
                        .setKeyPath(directory.resolve("hub.key").toString()));
        return Patience.done(vertx.createHttpServer(options)
                        .requestHandler(handler)
                        .listen(0, "localhost")
                        .toCompletionStage())
                .actualPort();
    }

    private Access access(String trusted, int tlsPort) {
        try {
            return new Access(0, tlsPort, Certificates.trusting(directory.resolve(trusted + ".crt")));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
