package dev.herald.web.quick;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import jakarta.ws.rs.core.MediaType;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;

/** Format of a body with several updates (PROTOCOL Q14). Both are UTF-8 (RFC 8259 §8.1). */
enum UpdatesFormat {
    /** One object, or an array of objects. */
    JSON,
    /** One object a line (NDJSON). */
    LINES;

    /**
     * Format that the header {@code Content-Type} names.
     *
     * @throws RequestRejectedException if it is missing, given twice, or names another type or charset
     */
    static UpdatesFormat of(HttpServerRequest request) {
        List<String> values = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
        if (values.size() != 1) {
            throw unsupported(
                    values.isEmpty()
                            ? "The header 'Content-Type' is missing"
                            : "The header 'Content-Type' is given more than once");
        }
        MediaType type = parse(values.get(0));
        String charset = type.getParameters().get(MediaType.CHARSET_PARAMETER);
        if (charset != null && !StandardCharsets.UTF_8.name().equalsIgnoreCase(charset)) {
            throw unsupported("The charset '" + charset + "' is not supported");
        }
        String name = (type.getType() + "/" + type.getSubtype()).toLowerCase(Locale.ROOT);
        if (name.equals("application/x-ndjson") || name.equals("application/ndjson")) {
            return LINES;
        }
        if (name.equals(MediaType.APPLICATION_JSON) || name.startsWith("application/") && name.endsWith("+json")) {
            return JSON;
        }
        throw unsupported("'" + name + "' is not supported");
    }

    private static MediaType parse(String contentType) {
        try {
            return MediaType.valueOf(contentType);
        } catch (IllegalArgumentException e) {
            throw unsupported("'" + contentType + "' is no content type");
        }
    }

    private static RequestRejectedException unsupported(String fault) {
        return new RequestRejectedException(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                fault + ": send application/json or application/x-ndjson, in UTF-8. Nothing was published.");
    }
}
