package dev.herald.packaging;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;

import dev.herald.auth.TokenMint;
import dev.herald.packaging.RawHttp.Unread;

import static dev.herald.packaging.RawHttp.get;
import static dev.herald.packaging.RawHttp.post;

/**
 * Catalogue of workloads, by the memory that grows with input. They are bodies and their parsed form, heads, tokens and
 * grants, selectors, positions, unread streams, presence and its documents, and connections with many requests.
 */
final class Workloads {
    private static final int AT_ONCE = 200;
    /** Resets that the hub accepts at once from an address (decision 103). */
    private static final int STREAMS_OF_A_CONNECTION = 500;

    /** Updates of each of four kinds: about as much as the hub retains. */
    private static final int STORED = 12;

    private static final int BODY_BYTES = (1 << 20) - 10;
    /** Below the limit of 64 KB for all fields of a head. */
    private static final int HEAD_BYTES = 60_000;

    /** Each line break becomes a {@code data:} line. */
    private static final String LINE_BREAKS = "[" + "\n".repeat(BODY_BYTES) + "]";

    /** Place of the three digits of a request's number. */
    private static final String NUMBER = "###";

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";
    private static final String LINES = "application/x-ndjson";
    private static final String UPDATES = "/updates";
    private static final String MERCURE = "/.well-known/mercure";
    private static final String EVERYTHING = "/SSE?topic=*&lastEventID=earliest";
    private static final Set<Integer> TAKEN = Set.of(200);
    private static final Set<Integer> TAKEN_OR_OVERLOADED = Set.of(200, 503);
    private static final Set<Integer> REFUSED_OR_OVERLOADED = Set.of(400, 503);

    private final TokenMint mint;
    private final List<Workload> workloads = new ArrayList<>();

    private Workloads(TokenMint mint) {
        this.mint = mint;
    }

    /** All workloads in sending order: those that store much first. */
    static List<Workload> all(TokenMint mint) {
        Workloads all = new Workloads(mint);
        all.bodies();
        all.stored();
        all.batches();
        all.heads();
        all.streams();
        all.presence();
        all.crowds();
        all.http2();
        return all.workloads;
    }

    /** Many updates, each with 1 MB of topics and one byte of data, sent one after the other. */
    static Workload longTopicsInSequence(int count) {
        IntFunction<byte[]> updates = numbered(MERCURE, FORM, longTopics());
        return new Workload(count + " updates with long topics in sequence", TAKEN_OR_OVERLOADED, hub -> {
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                statuses.merge(RawHttp.status(hub, updates.apply(i)), 1, Integer::sum);
            }
            return statuses;
        });
    }

    /** Concurrent bodies of 1 MiB which consist of line breaks, each of which becomes a {@code data:} line. */
    static Workload lineBreaks(int count) {
        byte[] lines = post("/message", JSON, "", LINE_BREAKS);
        return new Workload(
                count + " bodies of line breaks", TAKEN_OR_OVERLOADED, hub -> RawHttp.statuses(hub, count, i -> lines));
    }

    /** Concurrent bodies of 1 MiB on one line. */
    static Workload largeBodies(int count) {
        byte[] body = post("/message", JSON, "", "\"" + "x".repeat(BODY_BYTES - 2) + "\"");
        return new Workload(
                count + " bodies of 1 MiB", TAKEN_OR_OVERLOADED, hub -> RawHttp.statuses(hub, count, i -> body));
    }

    /** Concurrent streams with a token of 49 KB, which grants 500 selectors. */
    static Workload longTokens(TokenMint mint, int count) {
        byte[] stream = new Workloads(mint).streamWithLongToken();
        return new Workload(count + " streams with tokens of 49 KB", TAKEN, hub -> opened(hub, count, i -> stream));
    }

    /** Concurrent bodies over HTTP/2 that never end; those that are accepted get 400 at the deadline of bodies. */
    static Workload promisedBodies() {
        return http2(0, "promised bodies", Set.of(0, 400, 503), 2_000, request -> request.setMethod(HttpMethod.POST)
                .setURI("/message")
                .putHeader("Content-Type", JSON)
                .putHeader("Content-Length", "2")
                .write("1"));
    }

    private void bodies() {
        publish("long topics", numbered(MERCURE, FORM, longTopics()));
        publish("long private topics", numbered(MERCURE, FORM, "private=on&" + longTopics()));
        publish("many topics", numbered(MERCURE, FORM, "data=x" + topics(1_000, 1_000)));
        publish("line breaks", post("/message", JSON, "", LINE_BREAKS));
        publish("line breaks in a form", post(MERCURE, FORM, "", "topic=t&data=" + "\n".repeat(BODY_BYTES - 20)));
        publish("escaped line breaks in a form", post(MERCURE, FORM, "", escaped("topic=t&data=", "%0a")));
        publish("escaped control characters in a form", post("/message", FORM, "", escaped("message=", "%01")));
        publish("control characters", post("/message", TEXT, "", "\u0001".repeat(BODY_BYTES)));
        publish("wide characters", post("/message", JSON, "", "\"" + "€".repeat(BODY_BYTES / 3) + "\""));
        publish(
                "wide characters of one byte",
                post("/message", TEXT + ";charset=windows-1252", "", bytes((byte) 0x80, BODY_BYTES)));
        publish("escapes in JSON", post("/message", JSON, "", "\"" + "\\u0000".repeat(BODY_BYTES / 6) + "\""));
        publish("digits", Set.of(200, 400, 503), post("/message", JSON, "", "1".repeat(BODY_BYTES)));
        publish("many arrays", post("/message", JSON, "", "[" + "[],".repeat(BODY_BYTES / 3) + "1]"));
        publish("many members", post("/message", JSON, "", members()));
        publish("deep arrays", Set.of(200, 400, 503), post("/message", JSON, "", deep()));
        publish(
                "many fields of a form",
                Set.of(413, 503),
                post(MERCURE, FORM, "", "topic=t&data=x" + "&x=".repeat(BODY_BYTES / 3)));
        publish("long ids and types", i -> post(MERCURE, FORM, "", "topic=t&data=x&id=" + i + "i".repeat(1_000)));
        publish("chunks of one byte", RawHttp.postInChunks("/message", TEXT, "\u0001".repeat(5_000)));
        publish(
                "bodies after 100 Continue",
                Set.of(100, 503),
                post("/message", JSON, "Expect: 100-continue\r\n", LINE_BREAKS));
    }

    /** Updates one after the other, so that most are accepted, for the replays of later workloads. */
    private void stored() {
        IntFunction<byte[]> topics = numbered(MERCURE, FORM, longTopics());
        List<byte[]> others = List.of(
                post("/message", JSON, "", LINE_BREAKS),
                post("/message", TEXT, "", "\u0001".repeat(BODY_BYTES)),
                post("/message", JSON, "", "\"" + "€".repeat(BODY_BYTES / 3) + "\""));
        add("large updates in sequence", hub -> {
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (int i = 0; i < STORED; i++) {
                statuses.merge(RawHttp.status(hub, topics.apply(i)), 1, Integer::sum);
                for (byte[] other : others) {
                    statuses.merge(RawHttp.status(hub, other), 1, Integer::sum);
                }
            }
            return statuses;
        });
    }

    private void batches() {
        String small = updates(10_000, n -> "t", 1);
        publish("small updates", i -> post(UPDATES, LINES, "Idempotency-Key: " + i + "\r\n", small));
        publish("updates of as many topics", numbered(UPDATES, LINES, updates(10_000, n -> NUMBER + "." + n, 1)));
        publish(
                "updates of one long text each",
                post(UPDATES, LINES, "", updates(2, n -> "t", (BODY_BYTES - 100) / 2)));
        publish("many members in an update", post(UPDATES, JSON, "", "{\"topic\":\"t\",\"data\":" + members() + "}"));
        publish(
                "an update that does not end",
                Set.of(400, 503),
                post(UPDATES, JSON, "", "[{\"topic\":\"t\",\"data\":{\"a\":\"" + "x".repeat(BODY_BYTES - 50)));
        byte[] ids = post(UPDATES, LINES, "", small);
        add("ids of updates, unread", hub -> RawHttp.unread(hub, AT_ONCE, i -> ids)
                .during(() -> RawHttp.statuses(hub, AT_ONCE, i -> ids)));
    }

    private static String updates(int count, IntFunction<String> topic, int length) {
        return IntStream.range(0, count)
                .mapToObj(n -> "{\"topic\":\"" + topic.apply(n) + "\",\"data\":\"" + "x".repeat(length) + "\"}")
                .collect(Collectors.joining("\n"));
    }

    private void heads() {
        publish("long fields", post("/message", JSON, "X-Long: " + "x".repeat(HEAD_BYTES) + "\r\n", "1"));
        publish("many fields", Set.of(431), post("/message", JSON, "a: b\r\n".repeat(HEAD_BYTES / 6), "1"));
        publish("many cookies", post("/message", JSON, "Cookie: " + "a=b; ".repeat(HEAD_BYTES / 5) + "\r\n", "1"));
        publish(
                "many parameters",
                REFUSED_OR_OVERLOADED,
                post("/message?" + "x=&".repeat(HEAD_BYTES / 3), JSON, "", "1"));
        String publisher = mint.token("{\"mercure\":{\"publish\":[" + templates(300) + "]}}");
        publish("long tokens", post("/message", JSON, bearer(publisher), "1"));
        open("many parameters of a stream", Set.of(400), get("/SSE?" + "x=&".repeat(HEAD_BYTES / 3), ""));
        // Kept by the parser of Quarkus REST, if it gets them.
        String parameters = IntStream.range(0, 12_000)
                .mapToObj(n -> ";" + Integer.toString(n, Character.MAX_RADIX))
                .collect(Collectors.joining());
        open("media types of many parameters", Set.of(406), i -> get("/SSE", "Accept: a/b" + i + parameters + "\r\n"));
        open("pipelined requests for the page", pipelined("/"));
        open("pipelined requests for nothing", Set.of(404), pipelined("/nothing"));
        open("pipelined requests for streams", pipelined("/SSE"));
    }

    private void streams() {
        String dear = listed(10, i -> i + "{a}".repeat(1_200));
        String selectors = IntStream.range(0, 14)
                .mapToObj(i -> "topic=" + i + "%7Ba%7D".repeat(500))
                .collect(Collectors.joining("&"));
        open("granted templates", get("/SSE", bearer(subscriber(templates(300), 500))));
        open("granted templates of many variables", get("/SSE", bearer(subscriber(dear, 500))));
        open("tokens of 49 KB", streamWithLongToken());
        open("templates of many variables", get("/SSE?" + selectors, ""));
        open("a thousand selectors", get("/SSE?" + selectors(1_000, "t"), ""));
        open("a thousand templates", get("/SSE?" + selectors(1_000, "%7Ba%7D/%7Bb%7D/"), ""));
        open("long ids", i -> get("/SSE?topic=" + i, "Last-Event-ID: " + i + "i".repeat(1_000) + "\r\n"));
        open("long ids on Mercure", i -> get(MERCURE + "?topic=" + i + "&lastEventID=" + "i".repeat(1_020), ""));
        open("since an id", i -> get("/SSE?topic=" + i + "&since=" + "i".repeat(1_020), ""));
        open("everything, unread", get(EVERYTHING, ""));
        open("everything in gzip, unread", get(EVERYTHING, "Accept-Encoding: gzip\r\n"));
        open("everything private, unread", get(EVERYTHING, bearer(subscriber("\"*\"", 0))));
        open("the last 1,000, unread", get("/SSE?topic=*&since=1000", ""));
    }

    private void presence() {
        String payload = subscriber("\"*\"", 30_000);
        byte[] heavy = get("/SSE?" + selectors(300, "t"), bearer(payload));
        byte[] watching = get("/SSE?topic=" + MERCURE + "/subscriptions%7B/topic%7D%7B/subscriber%7D", bearer(payload));
        byte[] documents = get(MERCURE + "/subscriptions", bearer(payload));
        open("many subscriptions with a payload", heavy);
        add("watchers of subscriptions with a payload, unread", hub -> RawHttp.unread(hub, AT_ONCE, i -> watching)
                .during(() -> opened(hub, i -> heavy)));
        add("documents of subscriptions with a payload, unread", hub -> RawHttp.unread(hub, AT_ONCE, i -> heavy)
                .during(() -> opened(hub, i -> documents)));
    }

    private void crowds() {
        byte[] lines = post("/message", JSON, "", LINE_BREAKS);
        for (String coding : List.of("identity", "gzip")) {
            byte[] everything = get("/SSE?lastEventID=earliest", "Accept-Encoding: " + coding + "\r\n");
            add("line breaks before readers who stop, " + coding, hub -> {
                for (int i = 0; i < 5; i++) {
                    RawHttp.status(hub, lines);
                }
                return RawHttp.unread(hub, AT_ONCE, i -> everything)
                        .during(() -> RawHttp.statuses(hub, 60, i -> lines));
            });
        }
    }

    /** Many unread streams on few connections. */
    private void http2() {
        Buffer lines = Buffer.buffer(LINE_BREAKS);
        http2("bodies", AT_ONCE, request -> request.setMethod(HttpMethod.POST)
                .setURI("/message")
                .putHeader("Content-Type", JSON)
                .end(lines));
        http2("everything", AT_ONCE, request -> request.setURI(EVERYTHING).end());
        http2("pages", 2_000, request -> request.setURI("/").end());
        http2("problems", 2_000, request -> request.setURI("/nothing").end());
        http2("long heads", 1_000, request -> request.setURI("/SSE")
                .putHeader("X-Long", "x".repeat(50_000))
                .end());
        http2("long heads of problems", 1_000, request -> request.setURI("/nothing")
                .putHeader("X-Long", "x".repeat(50_000))
                .end());
        http2("equal fields", 1_000, request -> {
            for (int i = 0; i < 15; i++) {
                request.headers().add("x", "x".repeat(3_500));
            }
            return request.setURI("/SSE").end();
        });
    }

    private void http2(String name, int count, Function<HttpClientRequest, Future<Void>> sending) {
        workloads.add(http2(workloads.size(), name, Set.of(0, 200, 404, 503), count, sending));
    }

    /**
     * Requests of which a refused one has status 0.
     *
     * @param network of the clients' addresses, which no other workload has
     */
    private static Workload http2(
            int network,
            String name,
            Set<Integer> allowed,
            int count,
            Function<HttpClientRequest, Future<Void>> sending) {
        return new Workload("HTTP/2: " + name, allowed, hub -> {
            int connections = (count + STREAMS_OF_A_CONNECTION - 1) / STREAMS_OF_A_CONNECTION;
            try (Http2LoadClient crowd = new Http2LoadClient(hub, "127.2." + network, connections)) {
                return crowd.send(count, sending);
            }
        });
    }

    private void add(String name, Workload.Sending sending) {
        workloads.add(new Workload(name, TAKEN_OR_OVERLOADED, sending));
    }

    /** Sends one and the same request: to make a body of 1 MiB for each costs more than to send it. */
    private void publish(String name, byte[] request) {
        publish(name, i -> request);
    }

    private void publish(String name, Set<Integer> allowed, byte[] request) {
        publish(name, allowed, i -> request);
    }

    private void publish(String name, IntFunction<byte[]> request) {
        publish(name, TAKEN_OR_OVERLOADED, request);
    }

    private void publish(String name, Set<Integer> allowed, IntFunction<byte[]> request) {
        workloads.add(new Workload(name, allowed, hub -> RawHttp.statuses(hub, AT_ONCE, request)));
    }

    private void open(String name, byte[] request) {
        open(name, i -> request);
    }

    /** Requests for streams, each read only to the status of its response. */
    private void open(String name, IntFunction<byte[]> request) {
        open(name, TAKEN, request);
    }

    private void open(String name, Set<Integer> allowed, byte[] request) {
        open(name, allowed, i -> request);
    }

    private void open(String name, Set<Integer> allowed, IntFunction<byte[]> request) {
        workloads.add(new Workload(name, allowed, hub -> opened(hub, request)));
    }

    private byte[] streamWithLongToken() {
        return get("/SSE", bearer(subscriber(listed(500, i -> "t".repeat(66) + i), 0)));
    }

    private static Map<Integer, Integer> opened(URI hub, IntFunction<byte[]> request) throws Exception {
        return opened(hub, AT_ONCE, request);
    }

    private static Map<Integer, Integer> opened(URI hub, int count, IntFunction<byte[]> request) throws Exception {
        try (Unread streams = RawHttp.unread(hub, count, request)) {
            return streams.statuses();
        }
    }

    private static byte[] pipelined(String path) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        return request.repeat(2_000).getBytes(StandardCharsets.US_ASCII);
    }

    private static String longTopics() {
        return "data=x" + topics(250, 4_000);
    }

    private static String topics(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> "&topic=" + NUMBER + "/" + i + "t".repeat(length))
                .collect(Collectors.joining());
    }

    /** Requests whose bodies differ by their number, wherever {@link #NUMBER} stands for it. Each is one copy. */
    private static IntFunction<byte[]> numbered(String path, String contentType, String body) {
        byte[] request = post(path, contentType, "", body);
        String text = new String(request, StandardCharsets.ISO_8859_1);
        int[] places = Pattern.compile(NUMBER)
                .matcher(text)
                .results()
                .mapToInt(MatchResult::start)
                .toArray();
        return i -> {
            byte[] digits = String.format("%03d", i).getBytes(StandardCharsets.US_ASCII);
            byte[] copy = request.clone();
            for (int place : places) {
                System.arraycopy(digits, 0, copy, place, digits.length);
            }
            return copy;
        };
    }

    private static String escaped(String field, String escape) {
        return field + escape.repeat((BODY_BYTES - field.length()) / escape.length());
    }

    private static byte[] bytes(byte value, int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static String members() {
        return IntStream.range(0, BODY_BYTES / 12)
                .mapToObj(i -> "\"" + i + "\":1")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String deep() {
        return "[".repeat(BODY_BYTES / 2) + "]".repeat(BODY_BYTES / 2);
    }

    private static String selectors(int count, String selector) {
        return IntStream.range(0, count).mapToObj(i -> "topic=" + selector + i).collect(Collectors.joining("&"));
    }

    private static String templates(int count) {
        return listed(count, i -> "/" + i + "/{a}{b}{c}" + "x".repeat(60)) + ",\"*\"";
    }

    private static String listed(int count, IntFunction<String> selector) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + selector.apply(i) + "\"")
                .collect(Collectors.joining(","));
    }

    private String subscriber(String selectors, int payload) {
        return mint.token(
                "{\"mercure\":{\"subscribe\":[" + selectors + "],\"payload\":\"" + "p".repeat(payload) + "\"}}");
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }
}
