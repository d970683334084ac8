package dev.herald.packaging;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;

/** Collector of spans: receives OTLP over HTTP, and keeps what it gets. Thread-safe. */
final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final List<ResourceSpans> received = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();
    private volatile boolean rejects;

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            InputStream body =
                    new ByteArrayInputStream(exchange.getRequestBody().readAllBytes());
            if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
                body = new GZIPInputStream(body);
            }
            byte[] message = body.readAllBytes();
            if (rejects) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            headers.add(exchange.getRequestHeaders());
            bodies.add(message);
            received.addAll(ExportTraceServiceRequest.parseFrom(message).getResourceSpansList());
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** Answers with 400 from now on. */
    void reject() {
        rejects = true;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Span> spans() {
        return received.stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    List<ResourceSpans> received() {
        return List.copyOf(received);
    }

    List<Headers> headers() {
        return List.copyOf(headers);
    }

    /** All bytes of all exports, one character for each. */
    String text() {
        StringBuilder text = new StringBuilder();
        bodies.forEach(body -> text.append(new String(body, StandardCharsets.ISO_8859_1)));
        return text.toString();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
