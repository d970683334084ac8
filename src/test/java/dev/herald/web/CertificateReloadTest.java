package dev.herald.web;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Certificates;
import dev.herald.Patience;
import dev.herald.log.CapturedErrors;
import dev.herald.sse.EventStream;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A TLS certificate that is replaced while the hub runs: new connections get the new one, streams go on. While Vert.x
 * 4.5 rebuilds its TLS context it resets new connections (decision 214), so this test tries again.
 */
@QuarkusTest
@TestProfile(CertificateReloadTest.ShortPeriod.class)
class CertificateReloadTest {
    /** A profile of its own: the tests of others do not try again. */
    public static final class ShortPeriod extends TlsProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("quarkus.tls.reload-period", "1s");
            overrides.put("herald.admin.tls", "default");
            return overrides;
        }
    }

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("io.netty.channel.ChannelInitializer");

    private final Vertx vertx = Vertx.vertx();
    private final String topic = UUID.randomUUID().toString();

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    /** The certificate of a new connection. */
    private static Certificate presented(SSLContext trusting) throws IOException {
        return presented(trusting, "quarkus.http.test-ssl-port");
    }

    private static Certificate presented(SSLContext trusting, String portKey) throws IOException {
        int port = ConfigProvider.getConfig().getValue(portKey, Integer.class);
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    private EventStream open(Protocol protocol) {
        HttpClient client = vertx.createHttpClient(protocol.options());
        return eventually()
                .ignoreExceptions()
                .until(() -> EventStream.open(client, "/SSE?topic=" + topic), stream -> true)
                .awaitCount(1);
    }

    @Test
    void newConnectionGetsTheNewCertificateAndStreamsGoOn() throws Exception {
        logged.allow("Failed to initialize a channel.");
        SSLContext trustingOld = TlsProfile.trusting();
        Certificate old = Certificates.read(Path.of(TlsProfile.certificate()));
        List<EventStream> streams = Stream.of(Protocol.HTTP_1_1_OVER_TLS, Protocol.HTTP_2)
                .map(this::open)
                .toList();

        TlsProfile.replaceCertificate("second");
        SSLContext trustingNew = TlsProfile.trusting();

        eventually()
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> assertThat(presented(trustingNew)).isNotEqualTo(old));
        eventually().untilAsserted(() -> assertThatThrownBy(() -> presented(trustingOld))
                .isInstanceOf(SSLException.class));
        publish(topic, "1");
        streams.forEach(stream -> assertThat(stream.awaitCount(2).messages())
                .last()
                .extracting("data")
                .isEqualTo("1"));
        eventually().ignoreExceptionsInstanceOf(IOException.class).untilAsserted(() -> assertThat(
                        presented(trustingNew, "herald.admin.port-number"))
                .isEqualTo(presented(trustingNew)));
        assertThat(Stream.of(Protocol.HTTP_1_1_OVER_TLS, Protocol.HTTP_2).map(this::open))
                .allSatisfy(stream -> assertThat(stream.status()).isEqualTo(200));
    }
}
