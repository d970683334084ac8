package dev.herald.limit;

import java.util.OptionalInt;

/**
 * Limits of open streams, by subject and by address. Keeps a count for each client with an open stream, so its size is
 * bounded by the number of streams. Thread-safe; each call costs O(1).
 */
public final class StreamLimits {
    /** Heap bytes of a stream's slot and of its counts, an upper bound. */
    public static final long SLOT_BYTES = 600;

    private final OptionalInt bySubject;
    private final OptionalInt byAddress;
    private final ClientCounts subjects = new ClientCounts();
    private final ClientCounts addresses = new ClientCounts();

    StreamLimits(LimitsConfig config) {
        this.bySubject = config.subject().streams();
        this.byAddress = config.address().streams();
    }

    /** Whether any limit is set. */
    public boolean enabled() {
        return bySubject.isPresent() || byAddress.isPresent();
    }

    /** Slot of a new stream of this client, or a rejection. */
    public StreamSlot open(Client client) {
        if (bySubject.isPresent()
                && client.subject().isPresent()
                && !subjects.enter(client.subject().get(), bySubject.getAsInt())) {
            return StreamSlot.rejectedBySubject(bySubject.getAsInt());
        }
        if (byAddress.isPresent() && !addresses.enter(client.network(), byAddress.getAsInt())) {
            leaveSubject(client);
            return StreamSlot.rejectedByAddress(byAddress.getAsInt());
        }
        return new StreamSlot(() -> enter(client), () -> leave(client));
    }

    /** Counts a stream that was admitted before. */
    private void enter(Client client) {
        if (bySubject.isPresent() && client.subject().isPresent()) {
            subjects.enter(client.subject().get(), Integer.MAX_VALUE);
        }
        if (byAddress.isPresent()) {
            addresses.enter(client.network(), Integer.MAX_VALUE);
        }
    }

    private void leave(Client client) {
        leaveSubject(client);
        if (byAddress.isPresent()) {
            addresses.leave(client.network());
        }
    }

    private void leaveSubject(Client client) {
        if (bySubject.isPresent() && client.subject().isPresent()) {
            subjects.leave(client.subject().get());
        }
    }

    /** Number of clients with open streams. */
    int clients() {
        return subjects.clients() + addresses.clients();
    }
}
