package dev.herald.connection;

import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Validator of the head of an HTTP/2 request. Vert.x resets some malformed requests without an answer. */
final class Http2Head {
    /** Most bytes of the path, and of all other fields: those of HTTP/1, which are in application.properties. */
    private static final int MAX_BYTES = 1 << 16;

    private Http2Head() {}

    /** What of the head is too long, as the rejection; empty if nothing is. */
    static Optional<InvalidRequestException> excess(Http2Headers headers) {
        if (headers.size() > HeadSyntax.MAX_FIELDS) {
            return Optional.of(new InvalidRequestException(431, HeadSyntax.TOO_MANY_FIELDS));
        }
        int path = headers.path() == null ? 0 : headers.path().length();
        if (path > MAX_BYTES) {
            return Optional.of(
                    new InvalidRequestException(414, "The URL has more than " + MAX_BYTES + " bytes: shorten it."));
        }
        int bytes = -path;
        for (var field : headers) {
            bytes += field.getKey().length() + field.getValue().length();
        }
        return bytes > MAX_BYTES
                ? Optional.of(new InvalidRequestException(
                        431, "The header fields have more than " + MAX_BYTES + " bytes: send fewer or shorter ones."))
                : Optional.empty();
    }

    /** What is invalid in the head of a request (RFC 9113 §8.3.1); empty if it is valid. */
    static Optional<String> fault(Http2Headers headers) {
        // An invalid method makes Vert.x close the connection with all its streams.
        if (headers.method() == null || !HeadSyntax.isToken(headers.method())) {
            return Optional.of("The method of the request is missing or invalid.");
        }
        if (headers.scheme() == null) {
            return Optional.of("The scheme of the request is missing.");
        }
        if (!isTarget(headers.path(), headers.method())) {
            return Optional.of("The path of the request is missing, invalid, or does not begin with '/'.");
        }
        if (!hasOneHost(headers)) {
            return Optional.of("The host of the request is missing, invalid, or given twice.");
        }
        return StreamSupport.stream(headers.spliterator(), false).allMatch(field -> isText(field.getValue()))
                ? Optional.empty()
                : Optional.of("A header has a character that may not be there.");
    }

    private static boolean isTarget(CharSequence path, CharSequence method) {
        return path != null
                && (path.length() > 0
                                && path.charAt(0) == '/'
                                && RequestTarget.isUri(RequestTarget.escaped(path.toString()))
                        || AsciiString.contentEquals(path, "*")
                                && HttpMethod.OPTIONS.asciiName().contentEquals(method));
    }

    private static boolean hasOneHost(Http2Headers headers) {
        List<CharSequence> hosts = headers.getAll(HttpHeaderNames.HOST);
        CharSequence host = headers.authority() != null ? headers.authority() : headers.get(HttpHeaderNames.HOST);
        return host != null
                && RequestFraming.isHost(host.toString())
                // A proxy in front may have routed by the other one (RFC 9113 §8.3.1).
                && hosts.size() <= 1
                && hosts.stream().allMatch(other -> AsciiString.contentEqualsIgnoreCase(other, host));
    }

    /** Whether a field value is valid (RFC 9113 §8.2.1). */
    private static boolean isText(CharSequence value) {
        return value.chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n');
    }
}
