package dev.herald.soak;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Gate that publishers and {@link Chaos} pass for each of their acts. While it is shut none of them acts and none is in
 * the middle of an act, and subscribers read without cuts and pauses. Thread-safe.
 */
final class Gate {
    /** Fair, so that publishers who pass again and again do not keep it from being shut. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    private volatile boolean calm = true;
    private volatile boolean over;

    /** Passes with one act, once the gate is open. */
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

    /** Passes with one act if the gate is open; otherwise does nothing. */
    void passIfOpen(Act act) throws Exception {
        if (lock.readLock().tryLock()) {
            try {
                act.run();
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    /** Shuts the gate, acts, and opens it again. */
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

    /** Lets every thread end. */
    void end() {
        over = true;
    }

    boolean over() {
        return over;
    }

    /** Something that can fail. */
    @FunctionalInterface
    interface Act {
        void run() throws Exception;
    }
}
