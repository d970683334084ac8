package dev.herald.connection;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.VertxHttpConfig.InsecureRequests;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import org.jboss.logging.Logger;

/**
 * Listeners of this node: HTTP and HTTPS as configured, and whether each accepts connections. Quarkus opens them one by
 * one, so a probe on the first may be answered before the second listens. Thread-safe.
 */
@Singleton
public class Listeners implements HttpServerOptionsCustomizer {
    /** Key types of certificates for which a server can be configured. */
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

    private static final Logger LOG = Logger.getLogger(Listeners.class);

    private final Optional<InsecureRequests> insecureRequests;
    private final IntSupplier httpPort;
    private final IntSupplier httpsPort;
    private final CompletableFuture<Void> complete = new CompletableFuture<>();
    private volatile HttpServerOptions http;
    private volatile HttpServerOptions https;
    private volatile boolean httpAccepts;
    private volatile boolean httpsAccepts;

    @Inject
    Listeners(VertxHttpConfig config, HttpServer ports) {
        this(config.insecureRequests(), ports::getPort, ports::getSecurePort);
    }

    /**
     * @param httpPort actual port of HTTP, once it accepts connections
     * @param httpsPort actual port of HTTPS, once it accepts connections
     */
    Listeners(Optional<InsecureRequests> insecureRequests, IntSupplier httpPort, IntSupplier httpsPort) {
        this.insecureRequests = insecureRequests;
        this.httpPort = httpPort;
        this.httpsPort = httpsPort;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        http = options;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        // Quarkus calls this without a certificate, too, and then opens no HTTPS.
        if (options.getKeyCertOptions() != null) {
            https = options;
        }
    }

    void httpStarted(@ObservesAsync HttpServerStart event) {
        httpAccepts = true;
        completeIfAccepting();
    }

    void httpsStarted(@ObservesAsync HttpsServerStart event) {
        httpsAccepts = true;
        completeIfAccepting();
    }

    private void completeIfAccepting() {
        if (accepting()) {
            complete.complete(null);
        }
    }

    /**
     * Whether each configured listener accepts connections. After a reload in dev mode, which the listeners survive, it
     * is always true.
     */
    public boolean accepting() {
        return (httpAccepts || !isHttpConfigured()) && (httpsAccepts || https == null);
    }

    /** Completes on any thread when {@link #accepting()}; never after a reload in dev mode. */
    public CompletionStage<Void> complete() {
        return complete;
    }

    private boolean isHttpConfigured() {
        return http != null
                && insecureRequests
                        .map(configured -> configured != InsecureRequests.DISABLED)
                        // The default of Quarkus: no way around the certificates of clients.
                        .orElse(https == null || https.getClientAuth() != ClientAuth.REQUIRED);
    }

    /** Address of HTTP, as {@code host:port}; empty without it. */
    public Optional<String> httpAddress() {
        return isHttpConfigured() ? Optional.of(address(http, httpPort)) : Optional.empty();
    }

    /** Address of HTTPS, as {@code host:port}; empty without it. */
    public Optional<String> httpsAddress() {
        return Optional.ofNullable(https).map(options -> address(options, httpsPort));
    }

    private static String address(HttpServerOptions options, IntSupplier port) {
        String host = options.getHost();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port.getAsInt();
    }

    /** When the first of the server's certificates expires; empty without HTTPS, or if they cannot be read. */
    public Optional<Instant> certificateExpiry(Vertx vertx) {
        HttpServerOptions options = https;
        if (options == null) {
            return Optional.empty();
        }
        try {
            return Arrays.stream(options.getKeyCertOptions()
                            .getKeyManagerFactory(vertx)
                            .getKeyManagers())
                    .flatMap(Listeners::certificates)
                    .map(certificate -> certificate.getNotAfter().toInstant())
                    .min(Instant::compareTo);
        } catch (Exception e) {
            // The factory of Vert.x declares no narrower type.
            LOG.debug("The certificate could not be read.", e);
            return Optional.empty();
        }
    }

    private static Stream<X509Certificate> certificates(KeyManager manager) {
        return manager instanceof X509KeyManager keys
                ? KEY_TYPES.stream()
                        .map(type -> keys.getServerAliases(type, null))
                        .filter(aliases -> aliases != null)
                        .flatMap(Arrays::stream)
                        .map(keys::getCertificateChain)
                        .filter(chain -> chain != null && chain.length > 0)
                        .map(chain -> chain[0])
                : Stream.empty();
    }
}
