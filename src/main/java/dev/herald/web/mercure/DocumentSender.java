package dev.herald.web.mercure;

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
 * Sender of documents about subscriptions. A document's memory stays reserved until the client has received all of it.
 * A client that receives nothing for the write timeout is cut off. Called on the request's event loop.
 */
@ApplicationScoped
class DocumentSender {
    /** A document is written in parts, so that a slow client's progress is visible. */
    private static final int PART_BYTES = 64 << 10;

    private final Vertx vertx;
    private final SseConfig config;

    DocumentSender(Vertx vertx, SseConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** Writes the document as the complete response. */
    void send(HttpServerRequest request, SubscriptionDocument document) {
        new Sending(request, document).start();
    }

    /** One document being sent. Belongs to the request's event loop. */
    private final class Sending {
        private final HttpServerRequest request;
        private final SubscriptionDocument document;
        private long progressAt = System.nanoTime();
        private boolean done;

        Sending(HttpServerRequest request, SubscriptionDocument document) {
            this.request = request;
            this.document = document;
        }

        void start() {
            document.memory().keepUntilSent();
            try {
                send();
            } catch (RuntimeException | Error e) {
                document.memory().sent();
                throw e;
            }
            if (!done) {
                await(config.writeTimeout().toMillis());
            }
        }

        private void send() {
            HttpServerResponse response = request.response();
            Buffer json = Buffer.buffer(document.json());
            response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(json.length()));
            int sent = 0;
            while (!request.method().equals(HttpMethod.HEAD) && json.length() - sent > PART_BYTES) {
                response.write(json.slice(sent, sent + PART_BYTES)).onComplete(taken -> progressAt = System.nanoTime());
                sent += PART_BYTES;
            }
            response.end(json.slice(sent, json.length())).onComplete(taken -> {
                done = true;
                document.memory().sent();
            });
        }

        private void await(long millis) {
            vertx.setTimer(Math.max(1, millis), later -> {
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
