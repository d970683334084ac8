package dev.herald.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of addresses that the server cannot listen on. */
class ListenAddressesTest {
    private static final String LOOPBACK = "127.0.0.1";

    private static List<String> faults(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("quarkus.http.host", LOOPBACK, "quarkus.http.port", "0"));
        all.putAll(settings);
        return new ListenAddresses(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(all, "a test", 100))
                        .build())
                .faults();
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK));
    }

    @Test
    void freePortIsAccepted() {
        assertThat(faults(Map.of())).isEmpty();
    }

    @Test
    void portInUseIsNamed() throws IOException {
        try (ServerSocket other = listen()) {
            int port = other.getLocalPort();

            assertThat(faults(Map.of("quarkus.http.port", "" + port)))
                    .containsExactly("port " + port + " of 127.0.0.1 is in use by another process: stop it ('ss -ltnp'"
                            + " lists processes and their ports), or set another port (quarkus.http.port)");
        }
    }

    @Test
    void portOfAdministratorsMustNotBeAnotherOnesOnAnyAddress() throws IOException {
        String free = freePort();
        Map<String, String> same =
                Map.of("quarkus.http.port", free, "herald.admin.port-number", free, "herald.admin.host", "127.0.0.2");
        Map<String, String> sameForTls = Map.of(
                "quarkus.tls.key-store.pem.0.cert",
                "a.pem",
                "quarkus.http.ssl-port",
                free,
                "herald.admin.port-number",
                free);

        assertThat(faults(same))
                .containsExactly("herald.admin.port-number must not be " + free
                        + ", which is quarkus.http.port: set another one");
        assertThat(faults(sameForTls))
                .containsExactly("herald.admin.port-number must not be " + free
                        + ", which is quarkus.http.ssl-port: set another one");
        assertThat(faults(Map.of("herald.admin.port-number", "0")))
                .as("two free ones")
                .isEmpty();
    }

    private static String freePort() throws IOException {
        try (ServerSocket free = listen()) {
            return "" + free.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quarkus.tls.key-store.pem.0.cert", "quarkus.http.ssl.certificate.files"})
    void portInUseForTlsIsNamed(String certificate) throws IOException {
        try (ServerSocket other = listen()) {
            int port = other.getLocalPort();

            assertThat(faults(Map.of(certificate, "a.pem", "quarkus.http.ssl-port", "" + port)))
                    .singleElement()
                    .asString()
                    .startsWith("port " + port + " of 127.0.0.1 is in use")
                    .endsWith("(quarkus.http.ssl-port)");
        }
    }

    @Test
    void portForTlsIsNotTriedWithoutACertificateOfTheServer() throws IOException {
        try (ServerSocket other = listen()) {
            String port = "" + other.getLocalPort();

            assertThat(faults(Map.of("quarkus.http.ssl-port", port))).isEmpty();
            assertThat(faults(Map.of("quarkus.http.ssl-port", port, "quarkus.tls.key-store.sni", "false")))
                    .as("a default of Quarkus")
                    .isEmpty();
            assertThat(faults(Map.of("quarkus.http.ssl-port", port, "quarkus.tls.client.key-store.pem.0.cert", "a")))
                    .isEmpty();
            assertThat(faults(Map.of(
                            "quarkus.http.ssl-port",
                            port,
                            "quarkus.tls.server.key-store.pem.0.cert",
                            "a",
                            "quarkus.http.tls-configuration-name",
                            "server")))
                    .hasSize(1);
        }
    }

    @Test
    void portWithoutTlsIsNotTriedWhenItIsDisabled() throws IOException {
        try (ServerSocket other = listen()) {
            assertThat(faults(Map.of(
                            "quarkus.http.port",
                            "" + other.getLocalPort(),
                            "quarkus.http.insecure-requests",
                            "disabled")))
                    .isEmpty();
        }
    }

    @Test
    void samePortForBothIsRejected() {
        assertThat(faults(Map.of(
                        "quarkus.http.port",
                        "65001",
                        "quarkus.http.ssl-port",
                        "65001",
                        "quarkus.tls.key-store.pem.0.cert",
                        "a.pem")))
                .contains("quarkus.http.ssl-port must not be 65001, which is quarkus.http.port: set another one");
    }

    @Test
    void hostOfAnotherMachineIsNamed() {
        // An address for documentation, RFC 5737 §3.
        assertThat(faults(Map.of("quarkus.http.host", "192.0.2.1")))
                .containsExactly("quarkus.http.host must be an address of this machine, such as 0.0.0.0 for all of"
                        + " them; it is '192.0.2.1'");
    }

    @Test
    void hostThatCannotBeResolvedIsNamed() {
        // A name that never exists, RFC 6761 §6.4.
        assertThat(faults(Map.of("quarkus.http.host", "hub.invalid")))
                .singleElement()
                .asString()
                .contains("it is 'hub.invalid', which cannot be resolved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "80800"})
    void numberThatIsNoPortIsNamed(String port) {
        assertThat(faults(Map.of("quarkus.http.port", port)))
                .containsExactly("quarkus.http.port must be a port from 0 to 65535; it is '" + port + "'");
    }

    @Test
    void portWithoutThePrivilegeIsNamed() {
        assertThat(ListenAddresses.sentence("0.0.0.0", 80, "Permission denied"))
                .isEqualTo("this user may not open port 80: set a port from 1024 on (quarkus.http.port or"
                        + " quarkus.http.ssl-port)");
    }
}
