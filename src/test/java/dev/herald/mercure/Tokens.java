package dev.herald.mercure;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.herald.auth.TokenMint;

/** Factory of publishers' and subscribers' tokens, each signed with HS256 and that side's key. */
final class Tokens {
    /** Publishers' key of the hubs that tests start. */
    static final String PUBLISHER_KEY = TokenMint.WELL_KNOWN_SECRET;

    /** Subscribers' key, different from the publishers'. */
    static final String SUBSCRIBER_KEY = TokenMint.SUBSCRIBERS_SECRET;

    private static final TokenMint PUBLISHERS = mint(System.getProperty("hub.publisher.key", PUBLISHER_KEY));
    private static final TokenMint SUBSCRIBERS = mint(System.getProperty("hub.subscriber.key", SUBSCRIBER_KEY));

    private Tokens() {}

    private static TokenMint mint(String key) {
        return TokenMint.hmac("HS256", key.getBytes(StandardCharsets.UTF_8));
    }

    /** Token that grants publishing to these topics. */
    static String publisher(String... selectors) {
        return PUBLISHERS.token("{\"mercure\":{\"publish\":" + array(selectors) + "}}");
    }

    /** Token that grants reading private updates of these topics; without topics, only public ones. */
    static String subscriber(String... selectors) {
        return SUBSCRIBERS.token("{\"mercure\":{\"subscribe\":" + array(selectors) + "}}");
    }

    /** Mint of publishers' tokens. */
    static TokenMint publishers() {
        return PUBLISHERS;
    }

    /** Token with these claims, signed with the publishers' key. */
    static String ofPublisher(String claims) {
        return PUBLISHERS.token(claims);
    }

    /** Token with these claims, signed with the subscribers' key. */
    static String ofSubscriber(String claims) {
        return SUBSCRIBERS.token(claims);
    }

    /** JSON array of these texts, which must not need escapes. */
    static String array(String... texts) {
        return Stream.of(texts).map(text -> '"' + text + '"').collect(Collectors.joining(",", "[", "]"));
    }

    /** Headers with a bearer token. */
    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }
}
