package dev.herald.hub;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.herald.logging.SafeLogger;

/**
 * Asks an event loop for a turn: many rings before the turn begins are one turn. Thread-safe; never throws, so that one
 * loop that takes no task, for lack of memory, keeps no other from being asked. It can be rung again after that.
 */
final class Doorbell {
    private static final SafeLogger LOG = SafeLogger.of(Doorbell.class);

    private final Consumer<Runnable> loop;
    private final Runnable task = this::answer;
    private final Runnable turn;
    private final AtomicBoolean rung = new AtomicBoolean();

    /**
     * @param loop runs a task later, or throws
     * @param turn what is done for all rings that came before it
     */
    Doorbell(Consumer<Runnable> loop, Runnable turn) {
        this.loop = loop;
        this.turn = turn;
    }

    void ring() {
        ring(loop);
    }

    /** @param later runs the turn instead of the loop's usual way */
    void ring(Consumer<Runnable> later) {
        if (!rung.compareAndSet(false, true)) {
            return;
        }
        try {
            later.accept(task);
        } catch (Throwable e) {
            rung.set(false);
            LOG.error("An event loop took no task. The lane's next tick asks again.", e);
        }
    }

    private void answer() {
        rung.set(false);
        turn.run();
    }
}
