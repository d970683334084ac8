package dev.herald.packaging;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.auth.TokenMint;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged hub on small heaps, under requests that are each allowed and together are far more than the heap: whatever
 * a count bounds, its bytes may still be many. The shapes are long topics, line breaks and control characters (a byte
 * becomes seven), long heads, tokens that grant hundreds of templates, templates that become many objects, and readers
 * that ask for everything and read nothing; 200 of them at once. The hub accepts what its budgets allow and answers 503
 * with {@code Retry-After}, or a stream that ends at once, to the rest. It serves on afterwards, and starts again on what
 * it has stored. An {@code OutOfMemoryError} would end the process, as in the image.
 */
class SmallHeapIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final int AT_ONCE = 200;
    private static final int BODY_BYTES = (1 << 20) - 10;
    private static final String SECRET = "a secret of 32 bytes or more, for this test";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    @TempDir
    private Path temporary;

    static Stream<Arguments> heaps() throws IOException {
        String jdk25 = Jdk25.java().map(Path::toString).orElseGet(() -> {
            System.err.println("SKIPPED: SmallHeapIT on a JDK 25, which is not installed here.");
            return "";
        });
        return Stream.of(
                        Arguments.of(JAVA.toString(), List.of("-Xmx128m", "-XX:+UseSerialGC")),
                        Arguments.of(JAVA.toString(), List.of("-Xmx128m", "-XX:+UseG1GC")),
                        Arguments.of(jdk25, List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders")))
                .filter(heap -> !heap.get()[0].equals("") || System.getenv("CI") != null);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("heaps")
    void survivesEveryShapeOfAllowedRequestsAndStartsAgain(String java, List<String> heap) throws Exception {
        PackagedHub.Builder starts = hub(Path.of(java), heap);
        try (PackagedHub hub = starts.start()) {
            URI address = hub.address();

            for (Map.Entry<String, IntFunction<byte[]>> shape : shapes(address).entrySet()) {
                Map<Integer, Integer> answers = sendAtOnce(address, shape.getValue());
                assertThat(answers.keySet()).as(shape.getKey()).isSubsetOf(200, 503);
                assertThat(hub.isAlive())
                        .as("%s: %s", shape.getKey(), hub.output())
                        .isTrue();
                publishEventually(address);
            }
            for (Map.Entry<String, String> stream : streams(address).entrySet()) {
                openAtOnce(address, stream.getValue());
                assertThat(hub.isAlive())
                        .as("%s: %s", stream.getKey(), hub.output())
                        .isTrue();
                publishEventually(address);
            }
            assertThat(hub.output()).doesNotContain("OutOfMemoryError");
        }
        try (PackagedHub again = starts.start()) {
            publishEventually(again.address());
            assertThat(again.output()).doesNotContain("OutOfMemoryError", " ERROR ");
        }
    }

    /** What is published, by name. */
    private static Map<String, IntFunction<byte[]>> shapes(URI hub) {
        String token = TokenMint.hmac("HS256", SECRET.getBytes(StandardCharsets.UTF_8))
                .token("{\"mercure\":{\"publish\":[" + templates(300) + "]}}");
        Map<String, IntFunction<byte[]>> shapes = new TreeMap<>();
        shapes.put("long topics", i -> post(hub, "/.well-known/mercure", FORM, "", topics(i, 250, 4_000)));
        shapes.put("line breaks", i -> post(hub, "/message", JSON, "", "[" + "\n".repeat(BODY_BYTES) + "]"));
        shapes.put(
                "line breaks in a form",
                i -> post(hub, "/.well-known/mercure", FORM, "", "topic=t&data=" + "%0a".repeat(BODY_BYTES / 3 - 10)));
        shapes.put("control characters", i -> post(hub, "/message", "text/plain", "", "\u0001".repeat(BODY_BYTES)));
        shapes.put("wide characters", i -> post(hub, "/message", JSON, "", "\"" + "€".repeat(BODY_BYTES / 3) + "\""));
        shapes.put("long heads", i -> post(hub, "/message", JSON, "X-Long: " + "x".repeat(60_000) + "\r\n", "1"));
        shapes.put("long tokens", i -> post(hub, "/message", JSON, "Authorization: Bearer " + token + "\r\n", "1"));
        return shapes;
    }

    private static String topics(int number, int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> "topic=" + number + "/" + i + "t".repeat(length))
                .collect(Collectors.joining("&", "data=x&", ""));
    }

    private static String templates(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"/" + i + "/{a}{b}{c}" + "x".repeat(60) + "\",\"*\"")
                .collect(Collectors.joining(","));
    }

    /** Requests for streams, by name. */
    private static Map<String, String> streams(URI hub) {
        TokenMint mint = TokenMint.hmac("HS256", SECRET.getBytes(StandardCharsets.UTF_8));
        String dear = IntStream.range(0, 10)
                .mapToObj(i -> "\"" + i + "{a}".repeat(1_200) + "\"")
                .collect(Collectors.joining(","));
        String selectors = IntStream.range(0, 14)
                .mapToObj(i -> "topic=" + i + "%7Ba%7D".repeat(500))
                .collect(Collectors.joining("&"));
        Map<String, String> streams = new TreeMap<>();
        streams.put("granted templates", get(hub, "/SSE", mint.token(claims(templates(300)))));
        streams.put("granted templates of many variables", get(hub, "/SSE", mint.token(claims(dear))));
        streams.put("templates of many variables", get(hub, "/SSE?" + selectors, mint.token("{}")));
        streams.put("everything, unread", get(hub, "/SSE?topic=*&lastEventID=earliest", mint.token("{}")));
        streams.put("the last 1,000, unread", get(hub, "/SSE?topic=*&since=1000", mint.token("{}")));
        return streams;
    }

    private static String claims(String selectors) {
        return "{\"mercure\":{\"subscribe\":[" + selectors + "],\"payload\":\"" + "p".repeat(500) + "\"}}";
    }

    private PackagedHub.Builder hub(Path java, List<String> heap) throws IOException {
        return PackagedHub.in(temporary)
                .java(java)
                .options(heap)
                .options("-XX:+ExitOnOutOfMemoryError")
                .openToAll()
                .setting("HERALD_AUTH_PUBLISHER_KEY", SECRET)
                .setting("HERALD_AUTH_SUBSCRIBER_KEY", SECRET)
                .setting("HERALD_SUBSCRIPTIONS_EVENTS", "true")
                .setting("HERALD_LOG_RETENTION_BYTES", "50M");
    }

    private static byte[] post(URI hub, String path, String type, String fields, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nHost: " + hub.getAuthority() + "\r\nConnection: close\r\n" + fields
                + "Content-Type: " + type + "\r\nContent-Length: " + content.length + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[start.length + content.length];
        System.arraycopy(start, 0, request, 0, start.length);
        System.arraycopy(content, 0, request, start.length, content.length);
        return request;
    }

    private static String get(URI hub, String path, String token) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + hub.getAuthority() + "\r\nAuthorization: Bearer " + token
                + "\r\n\r\n";
    }

    private static void publishEventually(URI hub) {
        eventually().until(() -> answer(hub, post(hub, "/message", JSON, "", "1")) == 200);
    }

    /** How often each status came. */
    private static Map<Integer, Integer> sendAtOnce(URI hub, IntFunction<byte[]> request) throws Exception {
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (Integer status : inThreads(i -> () -> answer(hub, request.apply(i)))) {
            statuses.merge(status, 1, Integer::sum);
        }
        return statuses;
    }

    /** Opens streams, of which each reads its beginning and no more, and ends them all. */
    private static void openAtOnce(URI hub, String request) throws Exception {
        List<Socket> sockets = inThreads(i -> () -> open(hub, request));
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static Socket open(URI hub, String request) throws IOException {
        Socket socket = connect(hub);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readNBytes(12)).asString().endsWith(" 200");
        return socket;
    }

    private static <T> List<T> inThreads(IntFunction<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<T>> done =
                    threads.invokeAll(IntStream.range(0, AT_ONCE).mapToObj(work).toList());
            List<T> results = new ArrayList<>();
            for (Future<T> one : done) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    private static int answer(URI hub, byte[] request) throws IOException {
        try (Socket socket = connect(hub);
                InputStream in = new BufferedInputStream(socket.getInputStream())) {
            Optional<IOException> broken = send(socket.getOutputStream(), request);
            byte[] status = in.readNBytes(12);
            if (status.length < 12) {
                throw new IOException("The connection ended without an answer.", broken.orElse(null));
            }
            return Integer.parseInt(new String(status, 9, 3, StandardCharsets.US_ASCII));
        }
    }

    /** A hub that has answered before all has come may not take the rest. */
    private static Optional<IOException> send(OutputStream out, byte[] request) {
        try {
            out.write(request);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private static Socket connect(URI hub) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.connect(new InetSocketAddress(hub.getHost(), hub.getPort()), (int) DEADLINE.toMillis());
        return socket;
    }
}
