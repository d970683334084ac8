package dev.herald.tracing;

import io.quarkus.vertx.http.runtime.filters.Filters;

/** Tracing of this node. Thread-safe. */
public interface Tracing extends AutoCloseable {
    /** Counters of a node that traces nothing. */
    SpanCounters NO_SPANS = new SpanCounters();

    /** No tracing: touches no request and creates nothing. */
    Tracing OFF = new Tracing() {
        @Override
        public void register(Filters filters) {
            // No filter: requests take the same path as without this package.
        }

        @Override
        public UpdateTrace current() {
            return UpdateTrace.NONE;
        }

        @Override
        public void start() {
            // Nothing to create.
        }

        @Override
        public SpanCounters counters() {
            return NO_SPANS;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    /** Begins to trace: creates the exporter and its thread. Called once, after the settings are accepted. */
    void start();

    /** Adds the filter that traces requests. */
    void register(Filters filters);

    /**
     * Trace of the update that the current request publishes; {@link UpdateTrace#NONE} if it is not sampled. Called on
     * the request's event loop, in its context.
     */
    UpdateTrace current();

    /** Counters of exported and lost spans. */
    SpanCounters counters();

    /** Exports the spans that have ended, within some seconds. Blocks. */
    @Override
    void close();
}
