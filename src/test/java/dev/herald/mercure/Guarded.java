package dev.herald.mercure;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTestProfile;

/** Test profile with tokens for publishers, anonymous reading of public updates, and all Mercure features enabled. */
public final class Guarded implements QuarkusTestProfile {
    /** Origin whose pages may use the hub with credentials. */
    static final String LISTED = "https://shop.example";

    /** Origin whose pages may publish with the cookie. */
    static final String LISTED_FOR_COOKIES = "https://admin.example";

    /** Maximum size of a body in bytes: enough for 1 MiB of data. */
    static final int MAX_BODY = 1_200_000;

    /** File of the access log. */
    static final Path ACCESS_LOG =
            Path.of("target", "access-log", "requests.log").toAbsolutePath();

    @Override
    public Map<String, String> getConfigOverrides() {
        ACCESS_LOG.getParent().toFile().mkdirs();
        return Map.ofEntries(
                Map.entry("herald.open", "false"),
                Map.entry("herald.auth.publisher.key", Tokens.PUBLISHER_KEY),
                Map.entry("herald.auth.subscriber.key", Tokens.SUBSCRIBER_KEY),
                Map.entry("herald.auth.anonymous.subscribe", "true"),
                Map.entry("herald.auth.cookie.origins", LISTED_FOR_COOKIES),
                Map.entry("herald.cors.origins", LISTED + "," + LISTED_FOR_COOKIES),
                Map.entry("herald.subscriptions.events", "true"),
                Map.entry("herald.publish.max-body", Integer.toString(MAX_BODY)),
                Map.entry("herald.sse.heartbeat", "500ms"),
                Map.entry("herald.drain", "0s"),
                // For the packaged hub; in this process events are in memory.
                Map.entry("herald.log.file.path", freshDirectory()),
                Map.entry("quarkus.http.access-log.enabled", "true"),
                Map.entry("quarkus.http.access-log.log-to-file", "true"),
                Map.entry("quarkus.http.access-log.rotate", "false"),
                Map.entry(
                        "quarkus.http.access-log.log-directory",
                        ACCESS_LOG.getParent().toString()),
                Map.entry("quarkus.http.access-log.base-file-name", "requests"),
                Map.entry("quarkus.http.access-log.log-suffix", ".log"));
    }

    private static String freshDirectory() {
        return Path.of("target", "clauses", UUID.randomUUID().toString())
                .toAbsolutePath()
                .toString();
    }
}
