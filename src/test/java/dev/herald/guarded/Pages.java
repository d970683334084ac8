package dev.herald.guarded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Test resource with two websites of empty pages: a listed one on the hub's site (another port of {@code localhost}),
 * and an unlisted one on another site ({@code 127.0.0.1}).
 */
public final class Pages implements QuarkusTestResourceLifecycleManager {
    private static final String PORT = "test.pages.port";
    private static final byte[] PAGE = "<!DOCTYPE html><title>A page</title>".getBytes(StandardCharsets.US_ASCII);

    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", Pages::answer);
        server.start();
        String port = Integer.toString(server.getAddress().getPort());
        return Map.of(PORT, port, "herald.cors.origins", "http://localhost:" + port);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, PAGE.length);
            exchange.getResponseBody().write(PAGE);
        }
    }

    /** Origin of the listed website. */
    public static String listed() {
        return "http://localhost:" + port();
    }

    /** Origin of the unlisted website. */
    public static String foreign() {
        return "http://127.0.0.1:" + port();
    }

    private static String port() {
        return ConfigProvider.getConfig().getValue(PORT, String.class);
    }

    @Override
    public void stop() {
        server.stop(0);
    }
}
