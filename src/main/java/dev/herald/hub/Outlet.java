package dev.herald.hub;

import java.util.List;

import dev.herald.event.Frame;

/**
 * Port for writing the frames of one stream to a socket. Used only by the lane's thread, which is the event loop of the
 * connection. No method blocks or throws; writing to a closed connection does nothing.
 */
public interface Outlet {

    /**
     * Writes the frames, in order, as one write. Accepts them even when not {@link #writable()}, for frames that must
     * be sent.
     *
     * @param frames not empty, immutable; all subscribers with the same list can share its encoded form
     * @param shared whether other subscribers get these frames at the same time, so that more encoding work pays off
     */
    void write(List<Frame> frames, boolean shared);

    /**
     * Whether the connection accepts more bytes. While false, written bytes stay in memory, and the lane writes nothing
     * until the outlet calls {@link Subscriber#resume()}, which each false answer obliges it to do. So the pending
     * bytes of one subscriber are bounded by the socket's high-water mark and one page.
     */
    boolean writable();

    /**
     * Time for which bytes have been pending without the client reading any, in nanoseconds; 0 when none are pending.
     * Progress is detected only at the calls.
     *
     * @param now by {@link System#nanoTime()}
     */
    long stalledNanos(long now);

    /** Bytes that wait for the socket. */
    long pendingBytes();

    /** Whether its stream is an active subscription. A request that only waits for an event is none. */
    default boolean isSubscription() {
        return true;
    }

    /** Ends the stream after the pending bytes. */
    void close();

    /** Ends the stream, dropping the pending bytes. */
    void cut();
}
