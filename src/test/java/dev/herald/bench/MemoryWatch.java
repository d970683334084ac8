package dev.herald.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Sampler of a server's memory until it is closed, without cost for the server. */
final class MemoryWatch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 20;

    private final Server server;
    private final Thread thread = new Thread(this::run, "bench-memory");
    private volatile boolean closed;
    private volatile long highest;

    MemoryWatch(Server server) {
        this.server = server;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                highest = Math.max(highest, server.residentBytes());
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Maximum seen, in bytes. */
    long highest() {
        return highest;
    }

    @Override
    public void close() {
        closed = true;
    }
}
