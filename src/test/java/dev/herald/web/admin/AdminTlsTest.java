package dev.herald.web.admin;

import java.util.Optional;
import java.util.OptionalInt;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.http.HttpServerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** {@code CertificateReloadTest} has a port with a certificate. */
class AdminTlsTest {
    private static AdminTls tls(Optional<String> name) {
        AdminConfig config = new AdminConfig() {
            @Override
            public OptionalInt portNumber() {
                return OptionalInt.of(0);
            }

            @Override
            public String host() {
                return "127.0.0.1";
            }

            @Override
            public Optional<String> tls() {
                return name;
            }
        };
        return new AdminTls(config, new WithoutCertificates());
    }

    @Test
    void portIsNotEncryptedUnlessTlsIsConfigured() {
        HttpServerOptions options = new HttpServerOptions();

        tls(Optional.empty()).configure(options);

        assertThat(options.isSsl()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"default, quarkus.tls.key-store", "admin, quarkus.tls.admin.key-store"})
    void nameWithoutACertificateStopsTheStart(String name, String key) {
        assertThatThrownBy(() -> tls(Optional.of(name)).configure(new HttpServerOptions()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("herald.admin.tls is '" + name + "'")
                .hasMessageContaining(key + ".pem.0.cert");
    }

    /** Registry as it is without a setting: its default configuration has no key store. */
    private static final class WithoutCertificates implements TlsConfigurationRegistry {
        @Override
        public Optional<TlsConfiguration> get(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return Optional.of(new BaseTlsConfiguration() {});
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {
            throw new UnsupportedOperationException(name);
        }
    }
}
