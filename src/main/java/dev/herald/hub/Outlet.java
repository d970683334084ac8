package dev.herald.hub;

import java.util.List;

import dev.herald.event.Frame;

/**
 * Where the frames of one stream leave: a socket, as the hub sees it. Used by the lane's thread only, which is the event
 * loop of the connection. No method blocks or throws; writing to a connection that is gone does nothing.
 */
public interface Outlet {

    /**
     * Sends the frames, in order, as one write. Takes them even when not {@link #writable()}, for what must go out.
     *
     * @param frames not empty; never changes, so that all who are given the same list can share what is made of it
     * @param shared whether others are given these frames at the same time: then more work is worth it, since it is done
     *     once
     */
    void write(List<Frame> frames, boolean shared);

    /**
     * Whether the connection takes more. While it does not, what was written waits in memory, and the lane writes
     * nothing more until the outlet calls {@link Subscriber#resume()}: so the bytes that wait for one subscriber are
     * bounded by the socket's high-water mark and one page.
     */
    boolean writable();

    /**
     * For how long bytes have waited of which the client took none, in nanoseconds; 0 when none wait. That it took some
     * is noticed at the calls only.
     *
     * @param now by {@link System#nanoTime()}
     */
    long stalledNanos(long now);

    /** Ends the stream in good order, after what was written. */
    void close();

    /** Ends the stream at once, without what waits. */
    void cut();
}
