package dev.herald.web;

import jakarta.ws.rs.ext.Provider;

/** Prepares the streams of the quick API. */
@QuickStream
@Provider
class QuickStreamFilter extends StreamFilter {
    QuickStreamFilter(Streams streams, QuickDialect dialect) {
        super(context -> streams.prepare(context, dialect));
    }
}
