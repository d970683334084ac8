package dev.herald.connection;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.quarkus.vertx.http.runtime.VertxHttpConfig.InsecureRequests;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Certificates;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of what is waited for before the hub is ready, in the order in which Quarkus calls. */
class ListenersTest {
    private final HttpServerOptions http = new HttpServerOptions().setHost("0.0.0.0");
    private final HttpServerOptions https =
            new HttpServerOptions().setHost("::1").setSsl(true).setKeyCertOptions(new PemKeyCertOptions());
    private final HttpServerOptions httpsWithoutCertificate = new HttpServerOptions();

    private static Listeners listeners(InsecureRequests insecure) {
        return new Listeners(Optional.ofNullable(insecure), () -> 8080, () -> 8443);
    }

    private static Listeners configured(InsecureRequests insecure, HttpServerOptions http, HttpServerOptions https) {
        Listeners listeners = listeners(insecure);
        listeners.customizeHttpServer(http);
        listeners.customizeHttpsServer(https);
        return listeners;
    }

    private void startHttp(Listeners listeners) {
        listeners.httpStarted(new HttpServerStart(http));
    }

    private void startHttps(Listeners listeners) {
        listeners.httpsStarted(new HttpsServerStart(https));
    }

    private static boolean isComplete(Listeners listeners) {
        assertThat(listeners.complete().toCompletableFuture().isDone()).isEqualTo(listeners.accepting());
        return listeners.accepting();
    }

    @Test
    void acceptsOnceHttpListensIfThereIsNoCertificate() {
        Listeners listeners = configured(null, http, httpsWithoutCertificate);
        assertThat(isComplete(listeners)).isFalse();

        startHttp(listeners);

        assertThat(isComplete(listeners)).isTrue();
        assertThat(listeners.httpAddress()).hasValue("0.0.0.0:8080");
        assertThat(listeners.httpsAddress()).isEmpty();
    }

    @Test
    void acceptsOnlyWhenHttpsListensToo() {
        Listeners listeners = configured(null, http, https);

        startHttp(listeners);
        assertThat(isComplete(listeners)).isFalse();
        startHttps(listeners);

        assertThat(isComplete(listeners)).isTrue();
        assertThat(listeners.httpsAddress()).hasValue("[::1]:8443");
    }

    @Test
    void acceptsOnlyWhenHttpListensToo() {
        Listeners listeners = configured(InsecureRequests.REDIRECT, http, https);

        startHttps(listeners);
        assertThat(isComplete(listeners)).isFalse();
        startHttp(listeners);

        assertThat(isComplete(listeners)).isTrue();
    }

    @Test
    void httpThatIsDisabledIsNotWaitedFor() {
        Listeners listeners = configured(InsecureRequests.DISABLED, http, https);
        assertThat(isComplete(listeners)).isFalse();

        startHttps(listeners);

        assertThat(isComplete(listeners)).isTrue();
        assertThat(listeners.httpAddress()).isEmpty();
    }

    @Test
    void httpIsDisabledByDefaultIfClientsNeedACertificate() {
        Listeners listeners = configured(null, http, new HttpServerOptions(https).setClientAuth(ClientAuth.REQUIRED));

        startHttps(listeners);

        assertThat(isComplete(listeners)).isTrue();
    }

    /** After a reload in dev mode, Quarkus keeps the listeners and calls nothing. */
    @Test
    void listenersOfAnEarlierRunAccept() {
        assertThat(listeners(null).accepting()).isTrue();
    }

    @Test
    void expiryIsThatOfTheCertificate(@TempDir Path folder) {
        Certificates.generate(folder, "hub");
        HttpServerOptions pem = new HttpServerOptions()
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(folder.resolve("hub.crt").toString())
                        .addKeyPath(folder.resolve("hub.key").toString()));
        Listeners listeners = configured(null, http, pem);
        Vertx vertx = Vertx.vertx();

        Optional<Instant> expiry = listeners.certificateExpiry(vertx);

        assertThat(expiry).hasValueSatisfying(end -> assertThat(end)
                .isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(40_000))));
        vertx.close();
    }

    @Test
    void certificateThatCannotBeReadHasNoExpiry() {
        Vertx vertx = Vertx.vertx();

        assertThat(configured(null, http, https).certificateExpiry(vertx)).isEmpty();

        vertx.close();
    }
}
