package dev.herald.packaging;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

import static dev.herald.Patience.eventually;

/**
 * Crowd of subscribers that record the numbers which are published: most over few clear-text HTTP/2 connections, the
 * others over HTTP/1.1. One event loop, so that little is spent on the client.
 */
final class Crowd implements AutoCloseable {
    private static final String PATH = "/SSE";
    private static final int WINDOW_BYTES = 16 << 20;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final URI hub;
    private final List<Member> members = new ArrayList<>();
    private final List<GoAway> goAways = new CopyOnWriteArrayList<>();

    Crowd(URI hub) {
        this.hub = hub;
    }

    /** Opens streams over HTTP/2, and waits for their first block. */
    Crowd openHttp2(int streams, int connections) {
        return open(
                streams,
                vertx.httpClientBuilder()
                        .with(options()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false)
                                .setHttp2MultiplexingLimit((streams + connections - 1) / connections)
                                .setHttp2ConnectionWindowSize(WINDOW_BYTES))
                        .with(new PoolOptions().setHttp2MaxSize(connections))
                        .withConnectHandler(this::record)
                        .build());
    }

    /** Opens streams over HTTP/1.1, and waits for their first block. */
    Crowd openHttp1(int streams) {
        return open(streams, vertx.createHttpClient(options().setMaxPoolSize(streams)));
    }

    private HttpClientOptions options() {
        return new HttpClientOptions().setDefaultHost(hub.getHost()).setDefaultPort(hub.getPort());
    }

    private void record(HttpConnection connection) {
        connection.goAwayHandler(goAways::add);
    }

    private Crowd open(int streams, HttpClient client) {
        for (int i = 0; i < streams; i++) {
            Member member = new Member();
            members.add(member);
            client.request(HttpMethod.GET, PATH).onSuccess(request -> read(request, member));
        }
        eventually().until(() -> members.stream().allMatch(member -> member.lastId != null));
        return this;
    }

    private static void read(HttpClientRequest request, Member member) {
        request.response().onSuccess(member::read);
        request.send();
    }

    List<Member> members() {
        return members;
    }

    /** GOAWAY frames of all HTTP/2 connections. */
    List<GoAway> goAways() {
        return goAways;
    }

    /** Whether each member has received this many numbers. */
    boolean allHave(int count) {
        return members.stream().allMatch(member -> member.received >= count);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** One subscriber. Written by the client's event loop. */
    static final class Member {
        private final StringBuilder line = new StringBuilder();
        private String type = "";
        private boolean mixedUp;
        private volatile int received;
        private volatile long retryMillis;
        private volatile String lastId;
        private volatile String end = "";
        private volatile boolean endedOrderly;
        private volatile long endedAt;

        private void read(HttpClientResponse response) {
            response.handler(this::receive);
            response.exceptionHandler(cut -> endedAt = System.nanoTime());
            response.endHandler(ended -> {
                endedOrderly = true;
                endedAt = System.nanoTime();
            });
        }

        private void receive(Buffer chunk) {
            for (byte b : chunk.getBytes()) {
                if (b == '\n') {
                    accept(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) b);
                }
            }
        }

        private void accept(String text) {
            int colon = text.indexOf(": ");
            String value = colon < 0 ? "" : text.substring(colon + 2);
            switch (colon < 0 ? text : text.substring(0, colon)) {
                case "" -> type = "";
                case "event" -> type = value;
                case "id" -> lastId = value;
                case "retry" -> retryMillis = Long.parseLong(value);
                case "data" -> data(value);
                default -> {
                    // A comment.
                }
            }
        }

        private void data(String value) {
            if (type.equals("end")) {
                end = value;
            } else if (!type.isEmpty()) {
                mixedUp = true;
            } else if (!value.equals("{}")) {
                mixedUp |= !value.equals(Integer.toString(received));
                received++;
            }
        }

        /** Count of numbers received, if each came once and in order from 0, and nothing else did; else -1. */
        int received() {
            return mixedUp ? -1 : received;
        }

        long retryMillis() {
            return retryMillis;
        }

        String lastId() {
            return lastId;
        }

        /** Data of its end event, or empty. */
        String end() {
            return end;
        }

        /** Whether it ended in good order: by the last chunk, or the end of its HTTP/2 stream. */
        boolean endedOrderly() {
            return endedOrderly;
        }

        /** Time of its end, by {@link System#nanoTime()}; 0 before. */
        long endedAt() {
            return endedAt;
        }
    }
}
