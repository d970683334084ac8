package dev.herald.web;

import jakarta.ws.rs.ext.Provider;

/** Prepares the streams of Mercure. */
@MercureStream
@Provider
class MercureStreamFilter extends StreamFilter {
    MercureStreamFilter(Streams streams, MercureDialect dialect) {
        super(context -> streams.prepare(context, dialect));
    }
}
