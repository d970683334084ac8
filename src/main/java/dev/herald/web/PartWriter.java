package dev.herald.web;

import java.time.Duration;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import dev.herald.stream.ResponseOutlet;

/**
 * Writer of an answer in parts, so that a slow client's progress is visible. A client that receives nothing for the
 * write timeout while bytes wait is cut off. Belongs to the request's event loop.
 */
public final class PartWriter {
    private static final int PART_BYTES = 64 << 10;
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Duration timeout;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private int waiting;
    private long progressAt;
    private long timer = NO_TIMER;

    PartWriter(Vertx vertx, Duration timeout, HttpServerRequest request) {
        this.vertx = vertx;
        this.timeout = timeout;
        this.request = request;
        this.response = request.response();
    }

    /**
     * Writes bytes.
     *
     * @param bytes must not be modified
     * @param taken runs once when the connection has taken all of them, or is closed
     */
    public void write(byte[] bytes, Runnable taken) {
        Buffer last = writeAllButLast(bytes);
        begin();
        response.write(last).onComplete(done -> taken(taken));
    }

    /** As {@link #write}, and ends the answer. */
    public void end(byte[] bytes, Runnable taken) {
        Buffer last = writeAllButLast(bytes);
        begin();
        response.end(last).onComplete(done -> taken(taken));
    }

    private Buffer writeAllButLast(byte[] bytes) {
        Buffer all = Buffer.buffer(bytes);
        int sent = 0;
        while (all.length() - sent > PART_BYTES) {
            begin();
            response.write(all.slice(sent, sent + PART_BYTES)).onComplete(done -> progress());
            sent += PART_BYTES;
        }
        return all.slice(sent, all.length());
    }

    private void begin() {
        if (waiting == 0) {
            progressAt = System.nanoTime();
        }
        waiting++;
    }

    private void progress() {
        waiting--;
        progressAt = System.nanoTime();
    }

    private void taken(Runnable then) {
        progress();
        if (waiting == 0 && timer != NO_TIMER) {
            // Else it would keep the answer until it ends.
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
        then.run();
    }

    /** Begins to watch the client's progress, if bytes wait. Call it after each write. */
    public void watch() {
        if (waiting > 0 && timer == NO_TIMER) {
            await(timeout.toMillis());
        }
    }

    private void await(long millis) {
        timer = vertx.setTimer(Math.max(1, millis), later -> {
            timer = NO_TIMER;
            long left = timeout.minusNanos(System.nanoTime() - progressAt).toMillis();
            if (waiting > 0 && left > 0) {
                await(left);
            } else if (waiting > 0) {
                ResponseOutlet.cut(request);
            }
        });
    }
}
