package dev.herald.soak;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/**
 * Topic selectors of the soak's subscribers, each with its own matching of the soak's topics, independent of the hub's
 * matcher under test.
 */
enum Selector {
    ALL("*", topic -> true),
    NEWS("news", "news"::equals),
    LOBBY("lobby", "lobby"::equals),
    ORDERS("https://shop.example/orders/{id}", topic -> topic.startsWith("https://shop.example/orders/")),
    ORDER_1("https://shop.example/orders/1", "https://shop.example/orders/1"::equals),
    BOOKS("/books/{id}", topic -> topic.startsWith("/books/")),
    ROOMS("/rooms/{room}/users{/user*}", topic -> topic.startsWith("/rooms/")),
    EXPENSIVE("{a}{b}{c}".repeat(400) + "!", topic -> topic.endsWith("!")),
    EXPENSIVE_ALTERNATIVES("{?a,b*,c:3}{;d*}{a}".repeat(150) + "!", topic -> topic.endsWith("!")),
    PRESENCE("/.well-known/mercure/subscriptions/{topic}/{subscriber}", topic -> false);

    /** All topics of published updates. */
    static final List<String> TOPICS = List.of(
            "news",
            "lobby",
            "https://shop.example/orders/0",
            "https://shop.example/orders/1",
            "https://shop.example/orders/2",
            "/books/1",
            "/books/2",
            "/rooms/7/users",
            "/rooms/7/users/ann/bob",
            "a".repeat(300) + "!");

    private final String text;
    private final Predicate<String> topics;

    Selector(String text, Predicate<String> topics) {
        this.text = text;
        this.topics = topics;
    }

    String text() {
        return text;
    }

    boolean matchesAny(List<String> published) {
        return published.stream().anyMatch(topics);
    }

    /** Whether it covers the updates about subscriptions. */
    boolean coversPresence() {
        return this == ALL || this == PRESENCE;
    }

    /** Escapes a text for a query or a form. */
    static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
