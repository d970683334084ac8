package dev.herald.roster;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.herald.hub.EndNotice;
import dev.herald.identity.Revocation.Target;
import dev.herald.identity.TokenIdentity;
import dev.herald.selector.MatchBudget;

/**
 * Directory of this node's open streams. Thread-safe. An entry costs O(log n), and nothing if the roster is
 * disabled.
 */
public final class Roster {
    /** Entries that one page considers, selected or not. */
    static final int MAX_CONSIDERED = 10_000;

    /** Cost limit of one call: streams with expensive templates must not stop the administration. */
    private static final long MAX_UNITS = 4 * MatchBudget.PAGE_UNITS;

    /** Ids of later starts are higher; an id is exact as a number of JSON (RFC 8259 §6) for centuries. */
    private static final int IDS_A_SECOND_BITS = 20;

    private final boolean enabled;
    private final Clock clock;
    private final ConcurrentNavigableMap<Long, RosterEntry> open = new ConcurrentSkipListMap<>();
    private final AtomicLong newest;

    /** @param enabled whether streams are entered */
    public Roster(boolean enabled, Clock clock) {
        this.enabled = enabled;
        this.clock = clock;
        this.newest = new AtomicLong(clock.instant().getEpochSecond() << IDS_A_SECOND_BITS);
    }

    /** Whether streams are entered. */
    public boolean enabled() {
        return enabled;
    }

    /** Estimated heap bytes of the entry of a stream. */
    public long bytes(TokenIdentity identity) {
        return enabled ? RosterEntry.BYTES + identity.heapBytes() : 0;
    }

    /** Entry for a stream that is about to open; it is shown once it is open. */
    public RosterEntry enter(TokenIdentity identity, String address) {
        return new RosterEntry(open, newest.incrementAndGet(), identity, address, clock.instant());
    }

    /** Number of streams. Costs O(n). */
    public int size() {
        return open.size();
    }

    /**
     * Streams in the order of their ids. A stream that is open all the time is on exactly one page.
     *
     * @param after id of the last stream of the page before, 0 for the first page
     * @param limit most streams of the page, 1 or more
     */
    public Page page(StreamQuery query, long after, int limit) {
        List<RosterEntry> found = new ArrayList<>();
        MatchBudget budget = new MatchBudget(MAX_UNITS);
        int considered = 0;
        for (RosterEntry entry : open.tailMap(after, false).values()) {
            if (query.matches(entry, budget)) {
                found.add(entry);
            }
            considered++;
            if (found.size() == limit || considered == MAX_CONSIDERED || budget.exhausted()) {
                return new Page(found, OptionalLong.of(entry.id()));
            }
        }
        return new Page(found, OptionalLong.empty());
    }

    /**
     * Page of streams.
     *
     * @param next id after which the next page begins; empty at the end
     */
    public record Page(List<RosterEntry> streams, OptionalLong next) {}

    /**
     * Ends all streams that are selected and were opened before this call, unless matching their templates costs too
     * much.
     *
     * @param after id of the last stream that an earlier call has considered; 0 for all
     */
    public Ended end(StreamQuery query, long after, EndNotice notice) {
        MatchBudget budget = new MatchBudget(MAX_UNITS);
        long last = newest.get();
        int ended = 0;
        for (RosterEntry entry : open.tailMap(after, false).values()) {
            if (entry.id() > last) {
                break;
            }
            if (query.matches(entry, budget)) {
                entry.subscriber().end(notice);
                ended++;
            }
            if (budget.exhausted()) {
                return new Ended(ended, OptionalLong.of(entry.id()));
            }
        }
        return new Ended(ended, OptionalLong.empty());
    }

    /**
     * Result of ending streams.
     *
     * @param count streams that end
     * @param next id after which a further call must continue; empty if all were considered
     */
    public record Ended(int count, OptionalLong next) {}

    /** Ends all streams of a token or subject. Returns their number. */
    public int end(Target target, EndNotice notice) {
        return end(StreamQuery.of(target), 0, notice).count();
    }

    /** Ends one stream. Returns whether it was open. */
    public boolean end(long id, EndNotice notice) {
        RosterEntry entry = open.get(id);
        if (entry != null) {
            entry.subscriber().end(notice);
        }
        return entry != null;
    }
}
