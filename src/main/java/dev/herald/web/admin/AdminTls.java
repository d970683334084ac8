package dev.herald.web.admin;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.http.HttpServerOptions;

/** TLS of the port of administrators, from the registry of Quarkus. Thread-safe. */
@ApplicationScoped
class AdminTls {
    private static final String DEFAULT = "default";

    private final AdminConfig config;
    private final TlsConfigurationRegistry registry;

    AdminTls(AdminConfig config, TlsConfigurationRegistry registry) {
        this.config = config;
        this.registry = registry;
    }

    /** Adds the certificate, if one is configured. */
    void configure(HttpServerOptions options) {
        config.tls().ifPresent(name -> {
            TlsConfiguration tls = named(name)
                    .filter(found -> found.getKeyStoreOptions() != null)
                    .orElseThrow(() -> new ConfigurationException("Herald does not start: herald.admin.tls is '" + name
                            + "', but there is no certificate of that name: set "
                            + (name.equals(DEFAULT) ? "quarkus.tls" : "quarkus.tls." + name)
                            + ".key-store.pem.0.cert and .key, or remove herald.admin.tls."));
            TlsConfigUtils.configure(options.setSsl(true), tls);
            options.setUseAlpn(true);
        });
    }

    private Optional<TlsConfiguration> named(String name) {
        return registry.get(name).or(() -> name.equals(DEFAULT) ? registry.getDefault() : Optional.empty());
    }

    /** Whether the certificate that was read again is that of this port. */
    boolean uses(CertificateUpdatedEvent event) {
        return config.tls()
                .flatMap(this::named)
                .filter(event.tlsConfiguration()::equals)
                .isPresent();
    }
}
