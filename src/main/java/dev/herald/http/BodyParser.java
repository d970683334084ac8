package dev.herald.http;

import io.vertx.core.buffer.Buffer;

import dev.herald.memory.Reservation;

/**
 * Parser of one request's body, which gets the body part by part as it arrives. Belongs to the request's event loop.
 * Closing is idempotent, and releases the memory that it has reserved.
 *
 * @param <T> the parsed body
 */
public interface BodyParser<T> extends AutoCloseable {

    /**
     * Parses the next part, which must not be kept. Costs O(its length). A failure is the answer to the request.
     */
    void feed(Buffer part);

    /** Memory that it has reserved for what has arrived. */
    Reservation memory();

    /** The parsed body, after its last part. A failure is the answer to the request. */
    T end();

    @Override
    void close();
}
