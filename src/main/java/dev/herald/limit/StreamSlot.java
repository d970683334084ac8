package dev.herald.limit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Place of one stream among the limited streams of its client, until it is closed. Thread-safe. */
public final class StreamSlot implements AutoCloseable {
    private static final Runnable NOTHING = () -> {};

    /** Slot of a stream without limits. */
    public static final StreamSlot UNLIMITED = new StreamSlot(Optional.empty(), false, NOTHING, NOTHING, false);

    private final Optional<String> rejection;
    private final boolean byAddress;
    private final Runnable enter;
    private final Runnable leave;
    private final boolean limited;
    private final Runnable closing;
    private final AtomicBoolean open;

    /**
     * A slot that is counted already.
     *
     * @param enter counts it again
     * @param leave ends its count
     */
    StreamSlot(Runnable enter, Runnable leave) {
        this(Optional.empty(), false, enter, leave, true);
    }

    private StreamSlot(Optional<String> rejection, boolean byAddress, Runnable enter, Runnable leave, boolean limited) {
        this.rejection = rejection;
        this.byAddress = byAddress;
        this.enter = enter;
        this.leave = leave;
        this.limited = limited;
        this.closing = limited ? this::close : NOTHING;
        this.open = new AtomicBoolean(limited);
    }

    static StreamSlot rejectedBySubject(int limit) {
        String sentence = "The subject of this token has " + streams(limit);
        return new StreamSlot(Optional.of(sentence), false, NOTHING, NOTHING, false);
    }

    static StreamSlot rejectedByAddress(int limit) {
        String sentence = "Clients of this address have " + streams(limit);
        return new StreamSlot(Optional.of(sentence), true, NOTHING, NOTHING, false);
    }

    private static String streams(int limit) {
        return limit + (limit == 1 ? " open stream" : " open streams") + ", as many as are allowed.";
    }

    /** Why the stream is rejected, as a sentence for its client. */
    public Optional<String> rejection() {
        return rejection;
    }

    /** Whether the stream is rejected by the limit of its address, not of its subject. */
    public boolean rejectedByAddress() {
        return byAddress;
    }

    /**
     * Counts the stream again, without a limit, if the slot was closed. For the HTTP server, its request may end at the
     * moment when its stream begins. Meanwhile a stream on another event loop may have been admitted.
     */
    public void reopen() {
        if (limited && open.compareAndSet(false, true)) {
            enter.run();
        }
    }

    /** Gives the place to others. Idempotent. */
    @Override
    public void close() {
        if (limited && open.compareAndSet(true, false)) {
            leave.run();
        }
    }

    /** The action {@link #close()}. */
    public Runnable closing() {
        return closing;
    }
}
