package dev.herald.auth;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.herald.Patience;

/** Token issuer that publishes its keys over real HTTP, correctly or not, and counts its requests. */
final class IssuerServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Answer answer;

    IssuerServer(Answer first) {
        try {
            answer = first;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::handle);
            server.setExecutor(threads);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes one answer. */
    interface Answer {
        void write(HttpExchange exchange) throws IOException;

        /** Status 200 and this body. */
        static Answer json(String body) {
            return status(200, body);
        }

        static Answer status(int status, String body) {
            return exchange -> {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            };
        }

        /** As {@code then}, after the latch is opened. */
        static Answer after(CountDownLatch latch, Answer then) {
            return exchange -> {
                await(latch);
                then.write(exchange);
            };
        }

        /** As {@code then}; opens the latch if the client closes the connection before the end. */
        static Answer reporting(CountDownLatch closed, Answer then) {
            return exchange -> {
                try {
                    then.write(exchange);
                } catch (IOException e) {
                    closed.countDown();
                    throw e;
                }
            };
        }

        /** A head, then a byte of the body every 20 ms until the client closes the connection. */
        static Answer endless() {
            return exchange -> {
                exchange.sendResponseHeaders(200, 0);
                try (OutputStream body = exchange.getResponseBody()) {
                    for (int i = 0; i < 10_000; i++) {
                        body.write(' ');
                        body.flush();
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            };
        }

        /** A body of 64 MB. */
        static Answer huge() {
            return exchange -> {
                exchange.sendResponseHeaders(200, 0);
                try (OutputStream body = exchange.getResponseBody()) {
                    for (int i = 0; i < 1_000; i++) {
                        body.write(new byte[65_536]);
                    }
                }
            };
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("The latch was not opened in time.");
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        try (exchange) {
            answer.write(exchange);
        }
    }

    void answer(Answer next) {
        answer = next;
    }

    int asked() {
        return asked.get();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
