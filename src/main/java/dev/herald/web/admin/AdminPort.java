package dev.herald.web.admin;

import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.herald.auth.Authenticator;
import dev.herald.connection.AcceptedConnections;
import dev.herald.connection.RejectedRequests;
import dev.herald.http.HubPaths;

/**
 * Port of its own for the administration, if one is configured. It is a listener beside those of Quarkus, in front of the
 * same resources (decision 232). Thread-safe once it is open.
 */
@ApplicationScoped
class AdminPort {
    private static final Logger LOG = Logger.getLogger(AdminPort.class);
    private static final Pattern RESOURCE = Pattern.compile("/[a-z]+(/[0-9]{1,19})?");
    private static final int NOT_FOUND = 404;
    private static final long CLOSING_SECONDS = 2;

    /** After the settings are accepted, and before the bounds of connections are installed. */
    private static final int PRIORITY = Interceptor.Priority.APPLICATION + 600;

    private final Vertx vertx;
    private final AcceptedConnections connections;
    private final AdminConfig config;
    private final Authenticator authenticator;
    private final HubPaths paths;
    private final AdminTls tls;
    private final RejectedRequests rejected;
    private volatile HttpServer server;

    AdminPort(
            Vertx vertx,
            AcceptedConnections connections,
            AdminConfig config,
            Authenticator authenticator,
            HubPaths paths,
            AdminTls tls,
            RejectedRequests rejected) {
        this.vertx = vertx;
        this.connections = connections;
        this.config = config;
        this.authenticator = authenticator;
        this.paths = paths;
        this.tls = tls;
        this.rejected = rejected;
    }

    /** Opens the port before the others. */
    void open(@Observes @Priority(PRIORITY) StartupEvent event) {
        if (config.portNumber().isEmpty()) {
            return;
        }
        if (!authenticator.administrable()) {
            throw new ConfigurationException(
                    "Herald does not start: herald.admin.port-number is set, but administrators have no key:"
                            + " set herald.auth.admin.key-file, or remove the port.");
        }
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.portNumber().getAsInt());
        tls.configure(options);
        AcceptedConnections.disableWebSockets();
        try {
            server = vertx.createHttpServer(options)
                    .requestHandler(this::serve)
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new ConfigurationException("Herald does not start: the port " + options.getPort()
                    + " of herald.admin.port-number cannot be opened at '" + config.host() + "' (herald.admin.host): "
                    + e.getCause().getMessage() + ".");
        }
        connections.exclude(server.actualPort());
        LOG.infof(
                "Listening for administrators. %s=%s:%d",
                options.isSsl() ? "https" : "http", config.host(), server.actualPort());
    }

    /** Uses a certificate that Quarkus has read again for new connections. */
    void reload(@Observes CertificateUpdatedEvent event) {
        HttpServer open = server;
        if (open != null && tls.uses(event)) {
            open.updateSSLOptions(event.tlsConfiguration().getSSLOptions())
                    .onFailure(e -> LOG.errorf(
                            "The certificate of the port of administrators was not replaced. reason=%s",
                            e.getMessage()));
        }
    }

    void close(@Observes ShutdownEvent event) {
        if (server != null) {
            // A reload in dev mode opens the port again.
            server.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .completeOnTimeout(null, CLOSING_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    /** Passes on requests for the administration only, whatever a router would make of other paths. */
    private void serve(HttpServerRequest request) {
        String path = request.path();
        String admin = paths.admin();
        if (path != null
                && path.startsWith(admin)
                && RESOURCE.matcher(path.substring(admin.length())).matches()) {
            VertxHttpRecorder.getRootHandler().handle(request);
        } else {
            rejected.answer(
                    request,
                    NOT_FOUND,
                    "There is nothing here: this port has " + admin + "/streams, " + admin + "/revocations and " + admin
                            + "/events.");
        }
    }

    /** Actual port; empty if none is configured. */
    OptionalInt number() {
        HttpServer open = server;
        return open == null ? OptionalInt.empty() : OptionalInt.of(open.actualPort());
    }

    /** Whether the request came by the port of administrators; without such a port, by any. */
    boolean serves(RoutingContext context) {
        OptionalInt port = number();
        return port.isEmpty() || context.request().connection().localAddress().port() == port.getAsInt();
    }
}
