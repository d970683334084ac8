package dev.herald.cluster;

/**
 * Port to a log that several nodes share: it orders batches, makes them durable, and keeps them within the retention
 * limits. Thread-safe.
 */
public interface SharedLog {

    /**
     * Connects. May block for some seconds.
     *
     * @return a session for one thread, which closes it
     * @throws SharedLogException if that fails; the message says what to do
     */
    SharedSession connect();
}
