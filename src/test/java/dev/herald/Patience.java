package dev.herald;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Functions that wait for a condition or a result with a deadline. */
public final class Patience {
    /** Longer than any operation takes on a busy machine. */
    public static final Duration LIMIT = Duration.ofMinutes(3);

    private Patience() {}

    /** Waits for a condition. */
    public static ConditionFactory eventually() {
        return Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(LIMIT);
    }

    /** Waits for a result. */
    public static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
