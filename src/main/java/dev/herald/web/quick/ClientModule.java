package dev.herald.web.quick;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import dev.herald.http.HubPaths;
import dev.herald.web.IfNoneMatch;

/**
 * Headers of the JavaScript client and its types, which Quarkus serves as static files. The headers have their version
 * (RFC 9110 §8.8.3), and let pages of every origin load them (Fetch §3.2, §3.7). Runs on the event loop of the
 * connection; O(1).
 */
@ApplicationScoped
class ClientModule {
    static final String MODULE = "/herald.js";
    static final String TYPES = "/herald.d.ts";

    private static final String RESOURCES = "META-INF/resources";
    private static final String PLAIN_TEXT = "text/plain;charset=UTF-8";
    private static final int TAG_BYTES = 16;
    private static final int BEFORE_STATIC_FILES = 100;

    private final HubPaths paths;
    private Map<String, String> tags = Map.of();

    ClientModule(HubPaths paths) {
        this.paths = paths;
    }

    void register(@Observes Filters filters) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String file : new String[] {MODULE, TYPES}) {
            found.put(paths.below(file), tag(file));
        }
        tags = Map.copyOf(found);
        filters.register(this::addHeaders, BEFORE_STATIC_FILES);
    }

    private void addHeaders(RoutingContext context) {
        String tag = tags.get(context.normalizedPath());
        if (tag == null || !isRead(context.request().method())) {
            context.next();
            return;
        }
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        response.putHeader("Cross-Origin-Resource-Policy", "cross-origin");
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            // The file may change without a restart.
            context.next();
            return;
        }
        response.putHeader(HttpHeaders.ETAG, tag);
        if (IfNoneMatch.matches(context.request().headers().getAll(HttpHeaders.IF_NONE_MATCH), tag)) {
            response.setStatusCode(304).end();
            return;
        }
        if (context.normalizedPath().endsWith(TYPES)) {
            // The static handler would send a type of video, which has the same extension.
            context.addHeadersEndHandler(head -> response.putHeader(HttpHeaders.CONTENT_TYPE, PLAIN_TEXT));
        }
        context.next();
    }

    private static boolean isRead(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /** Strong entity tag: a hash of the file. */
    private static String tag(String file) {
        try (InputStream content =
                Thread.currentThread().getContextClassLoader().getResourceAsStream(RESOURCES + file)) {
            if (content == null) {
                throw new IllegalStateException("The file " + file + " is missing in this build.");
            }
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.readAllBytes());
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, TAG_BYTES)) + '"';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
