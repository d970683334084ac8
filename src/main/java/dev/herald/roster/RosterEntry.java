package dev.herald.roster;

import java.time.Instant;
import java.util.Map;

import dev.herald.hub.Subscriber;
import dev.herald.identity.TokenIdentity;

/**
 * Open stream in the {@link Roster}. Immutable, except for its state in the roster, which belongs to the event loop of
 * the stream.
 */
public final class RosterEntry {
    /** Estimated heap bytes, besides the identity. */
    static final long BYTES = 250;

    private final Map<Long, RosterEntry> shown;
    private final long id;
    private final TokenIdentity identity;
    private final String address;
    private final Instant since;
    private Subscriber subscriber;
    private boolean closed;

    /** @param shown the roster's streams by their ids; thread-safe */
    RosterEntry(Map<Long, RosterEntry> shown, long id, TokenIdentity identity, String address, Instant since) {
        this.shown = shown;
        this.id = id;
        this.identity = identity;
        this.address = address;
        this.since = since;
    }

    /** Shows the stream in the roster, unless it has ended already. On its event loop. */
    public void open(Subscriber opened) {
        subscriber = opened;
        if (!closed) {
            shown.put(id, this);
        }
    }

    /** Removes the stream from the roster. On its event loop; idempotent. */
    public void close() {
        closed = true;
        shown.remove(id);
    }

    /** Identifier of the stream on this node; higher than those of all streams before. */
    public long id() {
        return id;
    }

    /** Identity of the token with which it was opened. */
    public TokenIdentity identity() {
        return identity;
    }

    /** Address of its client. */
    public String address() {
        return address;
    }

    /** When it was opened. */
    public Instant since() {
        return since;
    }

    /** The stream itself. Only its thread-safe methods may be used on other threads. */
    public Subscriber subscriber() {
        return subscriber;
    }
}
