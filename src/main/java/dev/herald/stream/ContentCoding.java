package dev.herald.stream;

import java.util.function.Function;
import java.util.function.Supplier;

import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** How the bytes of a stream are coded (RFC 9110 §8.4.1). */
public enum ContentCoding {
    /** Not at all. */
    IDENTITY(PlainFrames::new, () -> StreamCoding.IDENTITY),
    /** What is shared is compressed, once for all. */
    GZIP(GzipFrames::new, GzipMember::new);

    private static final String NAME = "gzip";

    private final Function<ByteBufAllocator, FrameCoder> coder;
    private final Supplier<StreamCoding> stream;

    ContentCoding(Function<ByteBufAllocator, FrameCoder> coder, Supplier<StreamCoding> stream) {
        this.coder = coder;
        this.stream = stream;
    }

    /** What the client likes best of these, gzip if it does not care. */
    static ContentCoding preferred(HttpServerRequest request) {
        AcceptEncoding accepted = new AcceptEncoding(request.headers().getAll(HttpHeaders.ACCEPT_ENCODING));
        return accepted.prefers(NAME) ? GZIP : IDENTITY;
    }

    /** What {@link #announce} has said. */
    static ContentCoding announced(HttpServerResponse response) {
        return response.headers().contains(HttpHeaders.CONTENT_ENCODING) ? GZIP : IDENTITY;
    }

    /** Says so in the head of the answer. */
    void announce(HttpServerResponse response) {
        if (this == GZIP) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, NAME);
        }
    }

    /** For the frames of all streams of one loop. */
    public FrameCoder coder(ByteBufAllocator allocator) {
        return coder.apply(allocator);
    }

    /** For one stream. */
    StreamCoding stream() {
        return stream.get();
    }
}
