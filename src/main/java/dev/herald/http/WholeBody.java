package dev.herald.http;

import java.util.function.Function;

import io.vertx.core.buffer.Buffer;

import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/** Parser that collects the whole body and parses it at its end. Bodies of one kind share a memory budget. */
final class WholeBody<T> implements BodyParser<T> {
    private static final int FIRST_BYTES = 1_024;

    /**
     * Upper bound of heap bytes for each byte that arrives: the buffer doubles as it grows, and is copied at the end.
     */
    private static final long BYTES_WHILE_ARRIVING = 2;

    /** Upper bound of heap bytes for each byte being parsed: plain text becomes JSON, up to six characters for one. */
    static final long BYTES_WHILE_PARSED = 12;

    private final Function<byte[], T> parse;
    private final Reservation arriving;
    private final MemoryBudget parsed;
    private Buffer body = Buffer.buffer(FIRST_BYTES);

    /**
     * @param arriving budget while the body arrives
     * @param parsed budget while it is parsed
     */
    WholeBody(Function<byte[], T> parse, MemoryBudget arriving, MemoryBudget parsed) {
        this.parse = parse;
        this.arriving = new Reservation(arriving);
        this.parsed = parsed;
    }

    @Override
    public void feed(Buffer part) {
        if (!arriving.grow(BYTES_WHILE_ARRIVING * part.length())) {
            throw RequestRejectedException.bodyOverloaded();
        }
        body.appendBuffer(part);
    }

    @Override
    public Reservation memory() {
        return arriving;
    }

    @Override
    public T end() {
        long needed = BYTES_WHILE_PARSED * body.length();
        if (!parsed.tryReserve(needed)) {
            throw RequestRejectedException.bodyOverloaded();
        }
        try {
            return parse.apply(body.getBytes());
        } finally {
            parsed.release(needed);
        }
    }

    @Override
    public void close() {
        arriving.close();
        body = null;
    }
}
