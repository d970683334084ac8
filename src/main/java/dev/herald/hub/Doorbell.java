package dev.herald.hub;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.herald.logging.SafeLogger;

/**
 * Coalescing scheduler of one task on an event loop: all rings before the task starts run it once. Thread-safe. Never
 * throws, so a loop out of memory does not affect others. It can be rung again after that.
 */
final class Doorbell {
    private static final SafeLogger LOG = SafeLogger.of(Doorbell.class);

    private final Consumer<Runnable> loop;
    private final Runnable task = this::runTurn;
    private final Runnable turn;
    private final AtomicBoolean rung = new AtomicBoolean();

    /**
     * @param loop runs a task later, or throws
     * @param turn the task that serves all rings before it
     */
    Doorbell(Consumer<Runnable> loop, Runnable turn) {
        this.loop = loop;
        this.turn = turn;
    }

    void ring() {
        ring(loop);
    }

    /** @param later runs the turn in place of the default executor */
    void ring(Consumer<Runnable> later) {
        if (!rung.compareAndSet(false, true)) {
            return;
        }
        try {
            later.accept(task);
        } catch (Throwable e) {
            rung.set(false);
            LOG.error("An event loop rejected a task. The lane's next tick retries.", e);
        }
    }

    private void runTurn() {
        rung.set(false);
        turn.run();
    }
}
