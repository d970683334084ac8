package dev.herald.soak;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Open stream of a subscriber, as bytes. {@link #close} ends it abruptly, even within a chunk. */
interface Wire extends AutoCloseable {
    int status();

    /** Header of the response. */
    Optional<String> header(String name);

    /** The decoded body. Reading fails if the hub sends nothing for a time. */
    InputStream body();

    @Override
    void close() throws IOException;
}
