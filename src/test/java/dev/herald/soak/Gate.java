package dev.herald.soak;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Gate that publishers and {@link Chaos} pass for each action. While it is shut no action runs, and subscribers read
 * without disconnects and pauses. Thread-safe.
 */
final class Gate {
    /** Fair, so that publishers passing repeatedly do not prevent it from being shut. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    private volatile boolean calm = true;
    private volatile boolean over;

    /** Runs an action once the gate is open. */
    void pass(Act act) throws Exception {
        lock.readLock().lock();
        try {
            if (!over) {
                act.run();
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Runs an action if the gate is open; otherwise does nothing. */
    void passIfOpen(Act act) throws Exception {
        if (lock.readLock().tryLock()) {
            try {
                act.run();
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    /** Shuts the gate, runs an action, and opens the gate again. */
    void shut(Act act) throws Exception {
        lock.writeLock().lock();
        try {
            calm = true;
            act.run();
        } finally {
            calm = false;
            lock.writeLock().unlock();
        }
    }

    /** Whether the gate is shut, or the run is over. */
    boolean calm() {
        return calm || over;
    }

    /** Ends the run for every thread. */
    void end() {
        over = true;
    }

    boolean over() {
        return over;
    }

    /** Action that can fail. */
    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }
}
