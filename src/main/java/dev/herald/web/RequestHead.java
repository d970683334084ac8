package dev.herald.web;

import java.util.Map;

import io.vertx.core.http.HttpServerRequest;

/** Estimator of the heap size of a request without its body. */
public final class RequestHead {
    /** Estimated size of the objects around the texts, in bytes. */
    private static final long OBJECT_BYTES = 2_000;

    /** Estimated heap size of a response through Vert.x besides its request, in bytes. */
    public static final long RESPONSE_BYTES = 2_000;

    private static final long FIELD_BYTES = 150;

    private RequestHead() {}

    /** Estimated heap size of URL and header fields, parsed once, in bytes. Costs O(number of fields). */
    public static long heapBytes(HttpServerRequest request) {
        // The URL is in the request, and again in its decoded parameters.
        long bytes = OBJECT_BYTES + 3L * request.uri().length();
        for (Map.Entry<String, String> field : request.headers()) {
            bytes += FIELD_BYTES + field.getKey().length() + field.getValue().length();
        }
        return bytes;
    }
}
