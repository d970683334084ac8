package dev.herald.soak;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** One open stream of a subscriber, as bytes. {@link #close} ends it without a word, also in the middle of a chunk. */
interface Wire extends AutoCloseable {
    int status();

    /** A field of the answer's head. */
    Optional<String> header(String name);

    /** The body, decoded. Reading fails when the hub does not send anything for a time. */
    InputStream body();

    @Override
    void close() throws IOException;
}
