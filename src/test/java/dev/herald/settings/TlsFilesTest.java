package dev.herald.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of files of the TLS configuration that cannot be used. */
class TlsFilesTest {
    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
    private static final String KEY = "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(directory.resolve("certificate"), CERTIFICATE);
        Files.writeString(directory.resolve("key"), KEY);
        Files.writeString(directory.resolve("text"), "no PEM");
    }

    private List<String> faults(ConfigSource source) {
        return new TlsFiles(new SmallRyeConfigBuilder().withSources(source).build())
                .faults().stream()
                        .map(fault -> fault.replace(directory + "/", ""))
                        .toList();
    }

    private List<String> faults(String key, String file) {
        return faults(
                new PropertiesConfigSource(Map.of(key, directory.resolve(file).toString()), "a test", 100));
    }

    @ParameterizedTest
    @CsvSource({
        "quarkus.http.ssl.certificate.files, certificate",
        "quarkus.http.ssl.certificate.key-files, key",
        "quarkus.http.ssl.certificate.key-store-file, text",
        "quarkus.tls.key-store.pem.0.cert, certificate",
        "quarkus.tls.key-store.pem.0.key, key",
        "quarkus.tls.mine.key-store.pem.a.key, key",
        "quarkus.tls.trust-store.pem.certs, certificate",
        "quarkus.tls.key-store.p12.path, text"
    })
    void missingFileIsNamedAndAnExistingOneAccepted(String key, String file) {
        assertThat(faults(key, file)).isEmpty();
        assertThat(faults(key, "none"))
                .containsExactly(key + " must be a file that this user may read; 'none' does not exist");
    }

    @ParameterizedTest
    @CsvSource({
        "quarkus.http.ssl.certificate.files, CERTIFICATE-----",
        "quarkus.tls.key-store.pem.0.cert, CERTIFICATE-----",
        "quarkus.tls.key-store.pem.0.key, PRIVATE KEY-----"
    })
    void fileThatIsNotPemIsNamed(String key, String label) {
        assertThat(faults(key, "text"))
                .containsExactly(
                        key + " must be a file in PEM with a line '-----BEGIN … " + label + "'; 'text' has none");
    }

    @Test
    void certificateInPlaceOfTheKeyIsNamed() {
        assertThat(faults("quarkus.tls.key-store.pem.0.key", "certificate")).hasSize(1);
    }

    @Test
    void directoryInPlaceOfAFileIsNamed() {
        assertThat(faults("quarkus.tls.key-store.pem.0.key", ""))
                .singleElement()
                .asString()
                .endsWith("is a directory");
    }

    @Test
    void environmentVariableWithoutMappingsIsFound() {
        assertThat(faults(new EnvConfigSource(Map.of("QUARKUS_HTTP_SSL_CERTIFICATE_KEY_FILES", "/none"), 300)))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "default, quarkus.tls.key-store.pem.0.cert",
        "admin, quarkus.tls.admin.key-store.pem.0.cert",
        "default, quarkus.tls.default.key-store.pem.0.cert"
    })
    void nameOfThePortOfAdministratorsHasACertificate(String name, String key) {
        Map<String, String> settings = Map.of(
                "herald.admin.tls", name, key, directory.resolve("certificate").toString());

        assertThat(faults(new PropertiesConfigSource(settings, "a test", 100))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "default, quarkus.tls.admin.key-store.pem.0.cert, quarkus.tls.key-store",
        "admin, quarkus.tls.key-store.pem.0.cert, quarkus.tls.admin.key-store",
        "admin, quarkus.tls.admin.trust-store.pem.certs, quarkus.tls.admin.key-store"
    })
    void nameWithoutACertificateIsAFault(String name, String other, String missing) {
        Map<String, String> settings = Map.of(
                "herald.admin.tls",
                name,
                other,
                directory.resolve("certificate").toString());

        assertThat(faults(new PropertiesConfigSource(settings, "a test", 100)))
                .containsExactly("herald.admin.tls must name a TLS configuration that has a certificate (" + missing
                        + ".pem.0.cert and .key); '" + name + "' has none");
    }
}
