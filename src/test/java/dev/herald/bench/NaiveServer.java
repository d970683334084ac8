package dev.herald.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Baseline server with the naive design: one {@code BroadcastProcessor} per topic, an unbounded buffer for slow
 * subscribers, and each item encoded and written again for each subscriber. On plain Vert.x and Mutiny without JAX-RS,
 * which is to its advantage; no ids, no log.
 */
final class NaiveServer {
    private final Map<String, BroadcastProcessor<String>> topics = new ConcurrentHashMap<>();

    private NaiveServer() {}

    public static void main(String[] arguments) {
        NaiveServer server = new NaiveServer();
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(server::serve)
                .listen()
                .onSuccess(http -> System.out.println("Listening on: http://127.0.0.1:" + http.actualPort()))
                .onFailure(Throwable::printStackTrace);
    }

    private void serve(HttpServerRequest request) {
        BroadcastProcessor<String> topic =
                topics.computeIfAbsent(request.getParam("topic"), name -> BroadcastProcessor.create());
        if (request.method().equals(HttpMethod.POST)) {
            request.body().onSuccess(body -> {
                // BroadcastProcessor's contract: one caller at a time.
                synchronized (topic) {
                    topic.onNext(body.toString());
                }
                request.response().end("success");
            });
            return;
        }
        HttpServerResponse response =
                request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
        response.write(":\n\n");
        Cancellable subscription = topic.onOverflow()
                .bufferUnconditionally()
                .subscribe()
                .with(item -> response.write("data: " + item + "\n\n"), failure -> response.reset());
        response.closeHandler(closed -> subscription.cancel());
    }
}
