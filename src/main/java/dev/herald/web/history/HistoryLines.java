package dev.herald.web.history;

import java.nio.charset.StandardCharsets;

import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.herald.stream.ResponseOutlet;
import dev.herald.web.AnswerMemory;
import dev.herald.web.AnswerSender;
import dev.herald.web.DirectAnswer;
import dev.herald.web.PartWriter;

/**
 * Answer with one event a line, and a last line {@code {"next": cursor, "gap": bool}} (NDJSON). The next events are read
 * when the client has taken those before, so a slow client costs one chunk of memory. An answer that fails is cut off
 * before its last line. Belongs to the request's event loop.
 */
final class HistoryLines implements DirectAnswer {
    /** Size at which a chunk is full, in bytes: enough to keep a socket busy. */
    static final int CHUNK_BYTES = 128 << 10;

    private static final Logger LOG = Logger.getLogger(HistoryLines.class);

    private final Reading reading;
    private final AnswerSender sender;
    private final AnswerMemory memory;
    private Chunk chunk;
    private int missing;
    private boolean gap;
    private RoutingContext context;
    private PartWriter parts;

    /**
     * @param first chunk of the answer
     * @param memory of the chunks
     * @param limit most events of the answer that the log keeps
     */
    HistoryLines(Reading reading, Chunk first, AnswerSender sender, AnswerMemory memory, int limit) {
        this.reading = reading;
        this.chunk = first;
        this.sender = sender;
        this.memory = memory;
        this.missing = limit;
    }

    @Override
    public void send(RoutingContext answered) {
        context = answered;
        parts = sender.parts(answered);
        write();
    }

    private void write() {
        missing -= chunk.kept();
        gap |= chunk.gap();
        if (chunk.events().isEmpty()) {
            written();
        } else {
            parts.write(chunk.lines(), this::written);
            parts.watch();
        }
    }

    private void written() {
        orCut(this::afterChunk);
    }

    /** Cuts the answer off after a failure, which would otherwise leave the client waiting. */
    private void orCut(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            cut(e);
        }
    }

    private void cut(Throwable failure) {
        LOG.warn(
                "An answer with past events was cut off by a failure. Its client continues after the last id.",
                failure);
        ResponseOutlet.cut(context.request());
    }

    private void afterChunk() {
        memory.shrink(chunk.reserved());
        if (context.response().closed()) {
            return;
        }
        if (chunk.last() || missing == 0 || reading.mustEnd()) {
            String last = "{" + HistoryPage.endMembers(reading.cursor(chunk.through()), gap) + "}\n";
            parts.end(last.getBytes(StandardCharsets.US_ASCII), () -> {});
            parts.watch();
        } else {
            reading.more(missing, CHUNK_BYTES, this::received);
        }
    }

    private void received(Chunk next, Throwable failure) {
        if (context.response().closed()) {
            return;
        }
        if (failure == null) {
            chunk = next;
            orCut(this::write);
        } else {
            cut(failure);
        }
    }
}
