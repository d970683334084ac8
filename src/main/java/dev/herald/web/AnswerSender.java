package dev.herald.web;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import dev.herald.hub.SseConfig;
import dev.herald.stream.ResponseOutlet;

/**
 * Sender of answers that may be large. The memory of an answer stays reserved until the client has received all of it.
 * A client that receives nothing for the write timeout is cut off. Called on the request's event loop.
 */
@ApplicationScoped
public class AnswerSender {
    /** An answer is written in parts, so that a slow client's progress is visible. */
    private static final int PART_BYTES = 64 << 10;

    private final Vertx vertx;
    private final SseConfig config;

    AnswerSender(Vertx vertx, SseConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /**
     * Writes the body of an answer, and ends it.
     *
     * @param body must not be modified
     */
    public void send(HttpServerRequest request, byte[] body, AnswerMemory memory) {
        new Sending(request, body, memory).start();
    }

    /** One answer being sent. Belongs to the request's event loop. */
    private final class Sending {
        private final HttpServerRequest request;
        private final byte[] body;
        private final AnswerMemory memory;
        private long progressAt = System.nanoTime();
        private boolean done;
        private long timer = -1;

        Sending(HttpServerRequest request, byte[] body, AnswerMemory memory) {
            this.request = request;
            this.body = body;
            this.memory = memory;
        }

        void start() {
            memory.keepUntilSent();
            try {
                send();
            } catch (RuntimeException | Error e) {
                memory.sent();
                throw e;
            }
            if (!done) {
                await(config.writeTimeout().toMillis());
            }
        }

        private void send() {
            HttpServerResponse response = request.response();
            Buffer bytes = Buffer.buffer(body);
            response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(bytes.length()));
            int sent = 0;
            while (!request.method().equals(HttpMethod.HEAD) && bytes.length() - sent > PART_BYTES) {
                response.write(bytes.slice(sent, sent + PART_BYTES))
                        .onComplete(taken -> progressAt = System.nanoTime());
                sent += PART_BYTES;
            }
            response.end(bytes.slice(sent, bytes.length())).onComplete(taken -> {
                done = true;
                memory.sent();
                // Else it would keep the answer until it ends.
                vertx.cancelTimer(timer);
            });
        }

        private void await(long millis) {
            timer = vertx.setTimer(Math.max(1, millis), later -> {
                long left = config.writeTimeout()
                        .minusNanos(System.nanoTime() - progressAt)
                        .toMillis();
                if (!done && left > 0) {
                    await(left);
                } else if (!done) {
                    ResponseOutlet.cut(request);
                }
            });
        }
    }
}
