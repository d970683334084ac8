package dev.herald;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the sentences for starts that fail outside of the checks of settings. */
class StartFailureTest {

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "a test", 100))
                .build();
    }

    private static List<String> explain(Throwable cause, Map<String, String> settings) {
        return StartFailure.explain(
                new RuntimeException("Failed to start quarkus", new IllegalStateException(cause)),
                () -> config(settings));
    }

    /** With NIO, when another process takes the port after the check. */
    @Test
    void portThatTheServerFindsInUseIsNamed() {
        assertThat(explain(
                        new QuarkusBindException("0.0.0.0", 8080, new BindException("Address already in use")),
                        Map.of()))
                .singleElement()
                .asString()
                .startsWith("Herald does not start: port 8080 of 0.0.0.0 is in use by another process");
    }

    /** With epoll, the exception has neither host nor port. */
    @Test
    void portThatEpollFindsInUseIsNamed() throws IOException {
        IOException failure = new IOException("bind(..) failed with error(-98): Address already in use");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Map<String, String> settings =
                    Map.of("quarkus.http.host", "127.0.0.1", "quarkus.http.port", "" + other.getLocalPort());

            assertThat(explain(failure, settings))
                    .singleElement()
                    .asString()
                    .contains("port " + other.getLocalPort() + " of 127.0.0.1 is in use");
        }
        assertThat(explain(failure, Map.of("quarkus.http.host", "127.0.0.1", "quarkus.http.port", "0")))
                .singleElement()
                .asString()
                .startsWith("Herald does not start: an address cannot be opened");
    }

    @Test
    void failureOfTheTlsFilesIsNamed() {
        FileNotFoundException failure = new FileNotFoundException("/none");
        failure.setStackTrace(new StackTraceElement[] {
            new StackTraceElement(
                    "io.quarkus.tls.runtime.CertificateRecorder", "validate", "CertificateRecorder.java", 1)
        });

        assertThat(explain(failure, Map.of("quarkus.tls.key-store.pem.0.cert", "/none")))
                .containsExactly("Herald does not start: quarkus.tls.key-store.pem.0.cert must be a file that this user"
                        + " may read; '/none' does not exist.");
        assertThat(explain(failure, Map.of())).singleElement().asString().contains("(quarkus.tls.*)", "/none");
    }

    @Test
    void configurationExceptionOfOthersGetsTheSameBeginning() {
        assertThat(explain(new ConfigurationException("Something is wrong."), Map.of()))
                .containsExactly("Herald does not start: Something is wrong.");
    }

    @Test
    void anyOtherFailureIsLeftToTheLog() {
        assertThat(explain(new IOException("No route to host"), Map.of())).isEmpty();
    }
}
