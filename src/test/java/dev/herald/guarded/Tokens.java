package dev.herald.guarded;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.TextNode;

import dev.herald.auth.TokenMint;

/** Factory of tokens by the guarded hub's issuer. */
public final class Tokens {
    /** Secret of subscribers' tokens. */
    public static final String SUBSCRIBER_SECRET = "only the issuer and the hub know this one";

    private Tokens() {}

    /** Token that grants publishing to these topics. */
    public static String publisher(String... selectors) {
        return publishers().token(claims("publish", selectors));
    }

    /** Token that grants reading private updates of these topics. */
    public static String subscriber(String... selectors) {
        return subscribers().token(claims("subscribe", selectors));
    }

    /** Mint of publishers' tokens. */
    public static TokenMint publishers() {
        return TokenMint.of("RS256", KeyPairs.privateKey());
    }

    /** Mint of subscribers' tokens. */
    public static TokenMint subscribers() {
        return TokenMint.hmac("HS256", SUBSCRIBER_SECRET.getBytes(StandardCharsets.UTF_8));
    }

    /** Claims of the issuer with one kind of grants, {@code publish} or {@code subscribe}. */
    public static String claims(String kind, String... selectors) {
        String list = Stream.of(selectors)
                .map(selector -> TextNode.valueOf(selector).toString())
                .collect(Collectors.joining(","));
        return claims("\"mercure\":{\"" + kind + "\":[" + list + "]}");
    }

    /** Claims of the issuer with these further JSON members. */
    public static String claims(String members) {
        return "{\"iss\":\"" + GuardedHub.ISSUER + "\"," + members + "}";
    }
}
