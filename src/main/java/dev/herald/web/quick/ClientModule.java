package dev.herald.web.quick;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import dev.herald.http.HubPaths;
import dev.herald.web.IfNoneMatch;

/**
 * The JavaScript client, also compressed, and headers of it and its types, which Quarkus serves as a static file. The
 * headers have their version (RFC 9110 §8.8.3), and let pages of every origin load them (Fetch §3.2, §3.7). Runs on the
 * event loop of the connection; O(1).
 */
@ApplicationScoped
class ClientModule {
    static final String MODULE = HubPaths.CLIENT;
    static final String TYPES = "/herald.d.ts";

    private static final String RESOURCES = "META-INF/resources";
    private static final String GZIP = "gzip";
    private static final String SCRIPT = "text/javascript;charset=UTF-8";
    private static final String PLAIN_TEXT = "text/plain;charset=UTF-8";
    private static final int TAG_BYTES = 16;
    private static final int BEFORE_STATIC_FILES = 100;

    private final HubPaths paths;
    private Map<String, String> tags = Map.of();
    private Buffer module = Buffer.buffer();
    private Buffer gzipped = Buffer.buffer();

    ClientModule(HubPaths paths) {
        this.paths = paths;
    }

    void register(@Observes Filters filters) {
        module = Buffer.buffer(ClientSource.read());
        gzipped = gzip(module.getBytes());
        tags = Map.of(paths.below(MODULE), tag(module.getBytes()), paths.below(TYPES), tag(types()));
        filters.register(this::serve, BEFORE_STATIC_FILES);
    }

    private void serve(RoutingContext context) {
        String tag = tags.get(context.normalizedPath());
        if (tag == null || !isRead(context.request().method())) {
            context.next();
            return;
        }
        boolean isModule = context.normalizedPath().endsWith(MODULE);
        boolean isGzipped = isModule && acceptsGzip(context.request());
        // Another representation has another tag.
        String version = isGzipped ? tag.replaceFirst("\"$", "-gzip\"") : tag;
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        response.putHeader("Cross-Origin-Resource-Policy", "cross-origin");
        if (isModule) {
            response.putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        }
        if (LaunchMode.current() != LaunchMode.DEVELOPMENT) {
            response.putHeader(HttpHeaders.ETAG, version);
            if (IfNoneMatch.matches(context.request().headers().getAll(HttpHeaders.IF_NONE_MATCH), version)) {
                response.setStatusCode(304).end();
                return;
            }
        }
        if (isModule) {
            if (isGzipped) {
                response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP);
            }
            response.putHeader(HttpHeaders.CONTENT_TYPE, SCRIPT);
            send(isGzipped ? gzipped : module, context);
            return;
        }
        // The static handler would send a type of video, which has the same extension.
        context.addHeadersEndHandler(head -> response.putHeader(HttpHeaders.CONTENT_TYPE, PLAIN_TEXT));
        context.next();
    }

    /** Over HTTP/2, Vert.x would send the body in answer to {@code HEAD}, too. */
    private static void send(Buffer body, RoutingContext context) {
        HttpServerResponse response = context.response();
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        } else {
            response.end(body);
        }
    }

    private static boolean isRead(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /** Whether gzip is accepted without a weight, as by browsers. Others can read the plain module (RFC 9110 §12.5.3). */
    private static boolean acceptsGzip(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.ACCEPT_ENCODING).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .anyMatch(coding -> coding.strip().equalsIgnoreCase(GZIP));
    }

    private static Buffer gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private static byte[] types() {
        try (InputStream content =
                Thread.currentThread().getContextClassLoader().getResourceAsStream(RESOURCES + TYPES)) {
            if (content == null) {
                throw new IllegalStateException("The file " + TYPES + " is missing in this build.");
            }
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Strong entity tag: a hash of the file. */
    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, TAG_BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
