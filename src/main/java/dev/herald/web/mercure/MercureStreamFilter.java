package dev.herald.web.mercure;

import jakarta.ws.rs.ext.Provider;

import dev.herald.web.StreamFilter;
import dev.herald.web.Streams;

/** Prepares the streams of Mercure. */
@MercureStream
@Provider
class MercureStreamFilter extends StreamFilter {
    MercureStreamFilter(Streams streams, MercureDialect dialect) {
        super(context -> streams.prepare(context, dialect));
    }
}
