package dev.herald.http;

import java.util.Map;

import io.vertx.core.http.HttpServerRequest;

/** The size of a request without its body. */
public final class RequestHead {
    /** The objects around the texts, about, in bytes. */
    private static final long OBJECT_BYTES = 2_000;

    private static final long FIELD_BYTES = 150;

    private RequestHead() {}

    /** What URL and header fields occupy in the heap, parsed once, about, in bytes. Costs O(number of fields). */
    public static long heapBytes(HttpServerRequest request) {
        // The URL stands in the request, and again in its decoded parameters.
        long bytes = OBJECT_BYTES + 3L * request.uri().length();
        for (Map.Entry<String, String> field : request.headers()) {
            bytes += FIELD_BYTES + field.getKey().length() + field.getValue().length();
        }
        return bytes;
    }
}
