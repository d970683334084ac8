package dev.herald.web.quick;

import jakarta.ws.rs.ext.Provider;

import dev.herald.web.StreamFilter;
import dev.herald.web.Streams;

/** Request filter that prepares the streams of the quick API. */
@QuickStream
@Provider
class QuickStreamFilter extends StreamFilter {
    QuickStreamFilter(Streams streams, QuickDialect dialect) {
        super(context -> streams.prepare(context, dialect));
    }
}
