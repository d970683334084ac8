package dev.herald.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Collector that accepts and discards spans. Thread-safe. */
final class SpanSink implements AutoCloseable {
    private final HttpServer server;
    private final AtomicLong exports = new AtomicLong();

    SpanSink() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::discard);
        server.start();
    }

    private void discard(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            exports.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** Settings of a hub that traces every update, and sends the spans here. */
    String[] settings() {
        return new String[] {
            "herald.tracing.enabled=true",
            "otel.exporter.otlp.endpoint=http://127.0.0.1:"
                    + server.getAddress().getPort()
        };
    }

    /** Number of batches received. */
    long exports() {
        return exports.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
