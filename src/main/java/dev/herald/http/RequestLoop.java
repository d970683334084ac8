package dev.herald.http;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * The event loop of the request that is being served, as an executor: a request is touched by no other thread. Made on that
 * loop; takes tasks from any thread, and runs them after what waits there.
 */
public final class RequestLoop implements Executor {
    private final Context context = Vertx.currentContext();

    @Override
    public void execute(Runnable task) {
        context.runOnContext(now -> task.run());
    }

    /** The same stage, if it is complete; else one that completes on the loop. */
    public <T> CompletionStage<T> bring(CompletionStage<T> stage) {
        return complete(stage) ? stage : stage.whenCompleteAsync((result, failure) -> {}, this);
    }

    /** The stage's outcome: at once if it is complete, else on the loop. */
    public <T> Uni<T> await(CompletionStage<T> stage) {
        Uni<T> outcome = Uni.createFrom().completionStage(stage);
        return complete(stage) ? outcome : outcome.emitOn(this);
    }

    private static boolean complete(CompletionStage<?> stage) {
        // What completedStage() returns cannot be asked itself.
        return stage.toCompletableFuture().isDone();
    }
}
