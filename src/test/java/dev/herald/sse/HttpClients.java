package dev.herald.sse;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

/**
 * HTTP clients whose connections may fail, as when the test ends the hub or the client. Each request reports the failure.
 * Without a handler of the connection, Vert.x logs it at ERROR, too, often without a message. (Connections of the hub have
 * one, from the server.)
 */
public final class HttpClients {
    private HttpClients() {}

    /** The client, which is closed with its Vert.x. */
    public static HttpClient create(Vertx vertx, HttpClientOptions options) {
        return vertx.httpClientBuilder()
                .with(options)
                // The builder does not take them from the options.
                .with(new PoolOptions()
                        .setHttp1MaxSize(options.getMaxPoolSize())
                        .setHttp2MaxSize(options.getHttp2MaxPoolSize()))
                .withConnectHandler(connection -> connection.exceptionHandler(failure -> {
                    // The request has it.
                }))
                .build();
    }
}
