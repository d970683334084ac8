package dev.herald.web.mercure;

import jakarta.ws.rs.ext.Provider;

import dev.herald.web.StreamFilter;
import dev.herald.web.Streams;

/** Request filter that prepares Mercure streams. */
@MercureStream
@Provider
class MercureStreamFilter extends StreamFilter {
    MercureStreamFilter(Streams streams, MercureDialect dialect) {
        super(context -> streams.prepare(context, dialect));
    }
}
