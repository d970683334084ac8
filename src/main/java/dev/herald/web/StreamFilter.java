package dev.herald.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestFilter;

/**
 * Request filter that prepares a stream before Quarkus REST writes its head: after that, neither status nor headers can
 * be set. Runs on the request's event loop, and suspends the request during lookups. A subclass binds it to methods.
 */
public abstract class StreamFilter implements ResteasyReactiveContainerRequestFilter {
    private final Function<RoutingContext, CompletionStage<Void>> preparation;

    /** @param preparation completes when the head can be written, and fails with the reason of rejection */
    public StreamFilter(Function<RoutingContext, CompletionStage<Void>> preparation) {
        this.preparation = preparation;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request) {
        RoutingContext context =
                ((ResteasyReactiveRequestContext) request.getServerRequestContext()).unwrap(RoutingContext.class);
        CompletableFuture<Void> prepared = preparation.apply(context).toCompletableFuture();
        if (prepared.isDone()) {
            rethrow(prepared);
            return;
        }
        request.suspend();
        prepared.whenComplete((done, failure) -> {
            if (failure == null) {
                request.resume();
            } else {
                request.resume(cause(failure));
            }
        });
    }

    private static void rethrow(CompletableFuture<Void> prepared) {
        try {
            prepared.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException rejection) {
                throw rejection;
            }
            throw e;
        }
    }

    /** Unwraps the failure of a stage that follows a failed one. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
