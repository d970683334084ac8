package dev.herald.mercure;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.herald.auth.TokenMint;

/** Tokens of publishers and of subscribers, each signed with HS256 and the key of that side. */
final class Tokens {
    /** Of the hubs that tests start. */
    static final String PUBLISHER_KEY = TokenMint.WELL_KNOWN_SECRET;

    /** Another one than the publishers'. */
    static final String SUBSCRIBER_KEY = TokenMint.SUBSCRIBERS_SECRET;

    private static final TokenMint PUBLISHERS = mint(System.getProperty("hub.publisher.key", PUBLISHER_KEY));
    private static final TokenMint SUBSCRIBERS = mint(System.getProperty("hub.subscriber.key", SUBSCRIBER_KEY));

    private Tokens() {}

    private static TokenMint mint(String key) {
        return TokenMint.hmac("HS256", key.getBytes(StandardCharsets.UTF_8));
    }

    /** May publish to these topics. */
    static String publisher(String... selectors) {
        return PUBLISHERS.token("{\"mercure\":{\"publish\":" + array(selectors) + "}}");
    }

    /** May read private updates of these topics; without any, only what everybody may. */
    static String subscriber(String... selectors) {
        return SUBSCRIBERS.token("{\"mercure\":{\"subscribe\":" + array(selectors) + "}}");
    }

    /** Makes what publishers have. */
    static TokenMint publishers() {
        return PUBLISHERS;
    }

    /** Signed as publishers' are, of these claims. */
    static String ofPublisher(String claims) {
        return PUBLISHERS.token(claims);
    }

    /** Signed as subscribers' are, of these claims. */
    static String ofSubscriber(String claims) {
        return SUBSCRIBERS.token(claims);
    }

    /** A JSON array of these texts, in which nothing may need an escape. */
    static String array(String... texts) {
        return Stream.of(texts).map(text -> '"' + text + '"').collect(Collectors.joining(",", "[", "]"));
    }

    /** The headers that bring a token. */
    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }
}
