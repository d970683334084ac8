package dev.herald.stream;

import java.util.function.Function;
import java.util.function.Supplier;

import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Content coding of a stream (RFC 9110 §8.4.1). */
public enum ContentCoding {
    /** No coding. */
    IDENTITY(PlainFrames::new, () -> StreamCoding.IDENTITY),
    /** gzip: shared frames are compressed, once for all streams. */
    GZIP(GzipFrames::new, GzipMember::new);

    private static final String NAME = "gzip";

    private final Function<ByteBufAllocator, FrameCoder> coder;
    private final Supplier<StreamCoding> stream;

    ContentCoding(Function<ByteBufAllocator, FrameCoder> coder, Supplier<StreamCoding> stream) {
        this.coder = coder;
        this.stream = stream;
    }

    /** The coding that the client prefers; gzip on a tie. */
    static ContentCoding preferred(HttpServerRequest request) {
        AcceptEncoding accepted = new AcceptEncoding(request.headers().getAll(HttpHeaders.ACCEPT_ENCODING));
        return accepted.prefers(NAME) ? GZIP : IDENTITY;
    }

    /** Sets the response header. */
    void announce(HttpServerResponse response) {
        if (this == GZIP) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, NAME);
        }
    }

    /** New coder for the frames of all streams of one loop. */
    public FrameCoder coder(ByteBufAllocator allocator) {
        return coder.apply(allocator);
    }

    /** New coding state of one stream. */
    StreamCoding stream() {
        return stream.get();
    }
}
