package dev.herald.soak;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.herald.Certificates;

/**
 * Settings of the hub under test: little memory, short times, and a certificate.
 *
 * @param directory of its files
 * @param retention environment variables of the log's retention
 */
record HubSettings(Path directory, int port, int tlsPort, Map<String, String> retention) {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final String NAME = "hub";

    /** Makes the certificate. */
    void certify() {
        Certificates.generate(directory, NAME);
    }

    /** File of the certificate. */
    Path certificate() {
        return directory.resolve(NAME + ".crt");
    }

    List<String> command() {
        return List.of(
                JAVA.toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                // A killed process removes no temporary files.
                "-Djava.io.tmpdir=" + directory,
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.http.ssl-port=" + tlsPort,
                "-Dquarkus.http.ssl.certificate.files=" + certificate(),
                "-Dquarkus.http.ssl.certificate.key-files=" + directory.resolve(NAME + ".key"),
                "-jar",
                JAR.toString());
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HERALD_AUTH_PUBLISHER_KEY", Kind.SECRET,
                "HERALD_AUTH_SUBSCRIBER_KEY", Kind.SECRET,
                "HERALD_AUTH_ANONYMOUS_PUBLISH", "true",
                "HERALD_AUTH_ANONYMOUS_SUBSCRIBE", "true",
                "HERALD_SUBSCRIPTIONS_EVENTS", "true",
                "HERALD_LOG_FILE_PATH", directory.resolve("log").toString(),
                "HERALD_LOG_RECENT_BYTES", "1M"));
        environment.putAll(Map.of(
                "HERALD_SSE_HEARTBEAT", "1s",
                "HERALD_SSE_CURSOR_INTERVAL", "2s",
                "HERALD_SSE_MAX_AGE", "20s",
                "HERALD_SSE_RETRY", RetryCheck.CONFIGURED + "ms",
                "HERALD_SSE_WRITE_TIMEOUT", "10s",
                "HERALD_SSE_MAX_SELECTOR_BYTES", "4M",
                "HERALD_PUBLISH_MAX_WAITING", "2",
                "HERALD_DRAIN", "1s"));
        environment.putAll(retention);
        return environment;
    }
}
