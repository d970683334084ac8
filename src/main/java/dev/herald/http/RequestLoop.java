package dev.herald.http;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;

/**
 * Executor on the event loop of the current request: no other thread may use a request. Create it on that loop. Accepts
 * tasks from any thread and runs them in FIFO order with the loop's other tasks.
 */
public final class RequestLoop implements Executor {
    private final Context context = Vertx.currentContext();

    @Override
    public void execute(Runnable task) {
        context.runOnContext(now -> task.run());
    }

    /** Runs the task: at once on the thread of an event loop, else on the loop of that request. */
    static void run(HttpServerRequest request, Runnable task) {
        if (Context.isOnEventLoopThread()) {
            task.run();
        } else {
            ((HttpServerRequestInternal) request).context().runOnContext(now -> task.run());
        }
    }

    /** The stage if it is complete, else one that completes on the loop with its result. */
    public <T> CompletionStage<T> onLoop(CompletionStage<T> stage) {
        return complete(stage) ? stage : stage.whenCompleteAsync((result, failure) -> {}, this);
    }

    /** Emits the result of the stage: at once if it is complete, else on the loop. */
    public <T> Uni<T> emitOnLoop(CompletionStage<T> stage) {
        Uni<T> outcome = Uni.createFrom().completionStage(stage);
        return complete(stage) ? outcome : outcome.emitOn(this);
    }

    private static boolean complete(CompletionStage<?> stage) {
        // A stage from completedStage() has no isDone().
        return stage.toCompletableFuture().isDone();
    }
}
