package dev.herald.soak;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.TextNode;

import dev.herald.auth.TokenMint;

import static dev.herald.soak.Selector.ALL;
import static dev.herald.soak.Selector.BOOKS;
import static dev.herald.soak.Selector.EXPENSIVE;
import static dev.herald.soak.Selector.EXPENSIVE_ALTERNATIVES;
import static dev.herald.soak.Selector.LOBBY;
import static dev.herald.soak.Selector.NEWS;
import static dev.herald.soak.Selector.ORDERS;
import static dev.herald.soak.Selector.ORDER_1;
import static dev.herald.soak.Selector.PRESENCE;
import static dev.herald.soak.Selector.ROOMS;

/**
 * Kind of a subscriber: its selectors, its grants, and its protocol and pace.
 *
 * @param grants selectors of its token; empty for an anonymous one
 */
record Kind(String name, Surface surface, Transport transport, List<Selector> selectors, List<Selector> grants) {
    /** Key of publishers' and subscribers' tokens. */
    static final String SECRET = "a secret of 32 bytes or more, for the soak";

    /** Reads everything quickly and never disconnects by itself. */
    static final Kind WITNESS = new Kind("witness", Surface.QUICK, Transport.HTTP_1, List.of(ALL), List.of(ALL));

    private static final TokenMint MINT = TokenMint.hmac("HS256", SECRET.getBytes(StandardCharsets.UTF_8));

    /** All kinds, the witness first. */
    static List<Kind> all() {
        return List.of(
                WITNESS,
                new Kind("all", Surface.QUICK, Transport.HTTP_1, List.of(ALL), List.of(ALL)),
                new Kind("anonymous", Surface.QUICK, Transport.HTTP_1, List.of(ALL), List.of()),
                new Kind("exact", Surface.MERCURE, Transport.HTTP_1, List.of(NEWS, LOBBY), List.of()),
                new Kind("orders", Surface.SIGNALS, Transport.HTTP_1, List.of(ORDERS), List.of(ORDERS)),
                new Kind("books", Surface.QUICK, Transport.GZIP, List.of(BOOKS, NEWS), List.of()),
                new Kind("all-books", Surface.MERCURE, Transport.GZIP, List.of(ALL), List.of(BOOKS)),
                new Kind("http2", Surface.QUICK, Transport.HTTP_2, List.of(ALL), List.of(ALL)),
                new Kind("http2-orders", Surface.MERCURE, Transport.HTTP_2, List.of(ORDERS, NEWS), List.of(ORDERS)),
                new Kind("http2-gzip", Surface.SIGNALS, Transport.HTTP_2_GZIP, List.of(ALL), List.of(ORDERS, ROOMS)),
                new Kind(
                        "expensive",
                        Surface.QUICK,
                        Transport.HTTP_1,
                        List.of(EXPENSIVE, NEWS, EXPENSIVE_ALTERNATIVES),
                        List.of(EXPENSIVE)),
                new Kind("slow", Surface.QUICK, Transport.SLOW, List.of(ALL), List.of(ALL)),
                new Kind("slow-mercure", Surface.MERCURE, Transport.SLOW, List.of(ALL), List.of()),
                new Kind("order-1", Surface.QUICK, Transport.HTTP_1, List.of(ORDER_1), List.of(ORDER_1, ROOMS)),
                new Kind("rooms", Surface.SIGNALS, Transport.GZIP, List.of(ROOMS, NEWS), List.of(ROOMS)),
                new Kind("presence", Surface.SIGNALS, Transport.HTTP_1, List.of(PRESENCE, NEWS), List.of(PRESENCE)),
                new Kind("since", Surface.SINCE, Transport.HTTP_1, List.of(ALL), List.of(ALL)),
                new Kind("since-news", Surface.SINCE, Transport.HTTP_2, List.of(NEWS, ORDER_1), List.of()),
                new Kind("envelope", Surface.ENVELOPE, Transport.HTTP_1, List.of(ALL), List.of(ALL)),
                new Kind(
                        "envelope-http2",
                        Surface.ENVELOPE,
                        Transport.HTTP_2_GZIP,
                        List.of(ORDERS, ROOMS),
                        List.of(ORDERS)),
                new Kind("tls", Surface.QUICK, Transport.TLS, List.of(ALL), List.of(ALL)),
                new Kind("tls-books", Surface.MERCURE, Transport.TLS_GZIP, List.of(BOOKS, ORDERS), List.of(BOOKS)),
                new Kind("tls-http2", Surface.SIGNALS, Transport.TLS_HTTP_2, List.of(ALL), List.of(ORDERS, NEWS)));
    }

    /** Whether it should receive an update. */
    boolean sees(Plan plan) {
        return asksFor(plan) && mayRead(plan);
    }

    private boolean asksFor(Plan plan) {
        return selectors.stream().anyMatch(selector -> selector.matchesAny(plan.topics()));
    }

    /** Whether its grants cover an update. */
    boolean mayRead(Plan plan) {
        return !plan.isPrivate() || grants.stream().anyMatch(grant -> grant.matchesAny(plan.topics()));
    }

    /** Whether it asks for an update with a token, and yet should not receive it. */
    boolean isDenied(Plan plan) {
        return !grants.isEmpty() && asksFor(plan) && !mayRead(plan);
    }

    /** Whether it should receive updates about subscriptions. */
    boolean seesPresence() {
        return selectors.stream().anyMatch(Selector::coversPresence)
                && grants.stream().anyMatch(Selector::coversPresence);
    }

    /** Path and query of its stream, to which further parameters can be added. */
    String target() {
        return surface.path + topics();
    }

    /** Parameters with its selectors. */
    String topics() {
        return selectors.stream()
                .map(selector -> "topic=" + Selector.escaped(selector.text()))
                .collect(Collectors.joining("&"));
    }

    /** Its token, if it sends one. */
    Optional<String> token() {
        return grants.isEmpty() ? Optional.empty() : Optional.of(token("subscribe", grants));
    }

    /** Token of a publisher to all topics. */
    static String publisherToken() {
        return token("publish", List.of(ALL));
    }

    private static String token(String claim, List<Selector> selectors) {
        String list = selectors.stream()
                .map(selector -> TextNode.valueOf(selector.text()).toString())
                .collect(Collectors.joining(","));
        return MINT.token("{\"mercure\":{\"" + claim + "\":[" + list + "]}}");
    }

    /** The form of a stream. */
    enum Surface {
        QUICK("/SSE?"),
        /** The quick one, with {@code since} in each request. */
        SINCE("/SSE?"),
        /** The quick one, with a JSON object as the data of each event. */
        ENVELOPE("/SSE?envelope=1&"),
        MERCURE("/.well-known/mercure?"),
        SIGNALS("/.well-known/mercure?signals=1&");

        private final String path;

        Surface(String path) {
            this.path = path;
        }

        /** Whether its streams begin with a cursor and report a gap as an event. */
        boolean signals() {
            return this != MERCURE;
        }
    }

    /** Transport of the bytes. */
    enum Transport {
        HTTP_1,
        GZIP,
        /** Over HTTP/1.1, at a few kilobytes a second. */
        SLOW,
        HTTP_2,
        HTTP_2_GZIP,
        /** HTTP/1.1 over TLS. */
        TLS,
        TLS_GZIP,
        TLS_HTTP_2;

        boolean gzip() {
            return this == GZIP || this == HTTP_2_GZIP || this == TLS_GZIP;
        }

        boolean http2() {
            return this == HTTP_2 || this == HTTP_2_GZIP || this == TLS_HTTP_2;
        }

        boolean tls() {
            return this == TLS || this == TLS_GZIP || this == TLS_HTTP_2;
        }
    }
}
