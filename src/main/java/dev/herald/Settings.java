package dev.herald;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.runtime.configuration.ConfigurationException;

import dev.herald.auth.AuthConfig;
import dev.herald.connection.ConnectionConfig;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.http.HttpConfig;
import dev.herald.http.OriginList;
import dev.herald.http.PublishConfig;
import dev.herald.hub.SseConfig;
import dev.herald.log.LogConfig;

/**
 * Validator of the settings against the ranges that the config interfaces document. An invalid one stops the start with
 * one sentence. Hand-written, since Bean Validation alone took two fifths of the start (decision 005).
 */
@ApplicationScoped
class Settings {
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(10);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
    private static final int LEAST_SELECTOR_BYTES = 1 << 20;
    private static final String ANY_ORIGIN = "*";
    /** Cookie name (RFC 6265 §4.1.1). */
    private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private final LogConfig log;
    private final PublishConfig publish;
    private final SseConfig sse;
    private final DrainConfig drain;
    private final HttpConfig web;
    private final AuthConfig auth;
    private final ConnectionConfig http;

    Settings(
            LogConfig log,
            PublishConfig publish,
            SseConfig sse,
            DrainConfig drain,
            HttpConfig web,
            AuthConfig auth,
            ConnectionConfig http) {
        this.log = log;
        this.publish = publish;
        this.sse = sse;
        this.drain = drain;
        this.web = web;
        this.auth = auth;
        this.http = http;
    }

    /** @throws ConfigurationException with the first invalid setting and its valid range */
    void check() {
        require(log.retention().events().orElse(1L) > 0, "herald.log.retention.events", "must be 1 or more");
        require(publish.maxWaiting() > 0, "herald.publish.max-waiting", "must be 1 or more");
        require(publish.maxBody().asLongValue() <= Integer.MAX_VALUE, "herald.publish.max-body", "must be below 2G");
        require(sse.heartbeat().compareTo(SHORTEST_HEARTBEAT) >= 0, "herald.sse.heartbeat", "must be 10ms or more");
        require(
                sse.cursorInterval().compareTo(SHORTEST_HEARTBEAT) >= 0,
                "herald.sse.cursor-interval",
                "must be 10ms or more");
        require(!sse.retry().isNegative(), "herald.sse.retry", "must be 0s or more");
        require(
                sse.maxAge().orElse(SHORTEST_TIMEOUT).compareTo(SHORTEST_TIMEOUT) >= 0,
                "herald.sse.max-age",
                "must be 1s or more, or be left out, so that streams do not end of age");
        require(sse.writeTimeout().compareTo(SHORTEST_TIMEOUT) >= 0, "herald.sse.write-timeout", "must be 1s or more");
        require(sse.maxSubscribers() > 0, "herald.sse.max-subscribers", "must be 1 or more");
        require(
                sse.maxSelectorBytes().asLongValue() >= LEAST_SELECTOR_BYTES,
                "herald.sse.max-selector-bytes",
                "must be 1M or more");
        require(!drain.drain().isNegative(), "herald.drain", "must be 0s or more");
        require(isTopic(web.topic().defaultName()), "herald.topic.default", "must be one line of 1 to 4096 bytes");
        for (String origin : web.cors().origins().orElse(List.of())) {
            require(
                    origin.equals(ANY_ORIGIN) || OriginList.isOrigin(origin) || OriginList.isWildcard(origin),
                    "herald.cors.origins",
                    "must be origins such as https://shop.example, without a path, in ASCII (xn--… for other"
                            + " letters), or"
                            + " https://*.shop.example for one label in place of the star, or *, and '" + origin
                            + "' is none");
        }
        check(auth.auth().cookie());
        check(http);
    }

    private static void check(ConnectionConfig http) {
        require(
                http.headerTimeout().compareTo(SHORTEST_TIMEOUT) >= 0,
                "herald.http.header-timeout",
                "must be 1s or more");
        require(http.maxWaitingConnections().orElse(1) > 0, "herald.http.max-waiting-connections", "must be 1 or more");
    }

    private static void check(AuthConfig.Cookie cookie) {
        require(
                COOKIE_NAME.matcher(cookie.name()).matches(),
                "herald.auth.cookie.name",
                "must be letters, digits and some of !#$%&'*+.^_`|~-, and '" + cookie.name() + "' is not");
        for (String origin : cookie.origins().orElse(List.of())) {
            require(
                    OriginList.isOrigin(origin),
                    "herald.auth.cookie.origins",
                    "must be origins such as https://shop.example, without a path or a star, in ASCII, and '" + origin
                            + "' is none");
        }
    }

    private static boolean isTopic(String name) {
        try {
            return new Topic(name).name().equals(name);
        } catch (InvalidFieldException e) {
            return false;
        }
    }

    private static void require(boolean holds, String key, String range) {
        if (!holds) {
            throw new ConfigurationException("Herald does not start: " + key + " " + range + ".");
        }
    }
}
