package dev.herald.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import dev.herald.event.Event;
import dev.herald.event.EventId;

/**
 * In-memory ring of the log's newest events, bounded by bytes. One thread adds; any thread reads. Readers copy at most
 * {@value #MAX_EVENTS_A_READ} references under the lock, so event loops may read.
 */
public final class RecentEvents {
    private static final int MAX_EVENTS_A_READ = 1_024;
    private static final int SMALLEST_RING = 64;

    private final long maxBytes;

    /** Transient events by id: no other index has them. */
    private final Map<EventId, Event> transients = new HashMap<>();

    private Event[] ring = new Event[SMALLEST_RING];
    private int first;
    private int size;
    private long bytes;

    /** Position of the last kept event before the ring. */
    private long before;

    private long head;
    private long newestKept;
    private Optional<EventId> newestPublic = Optional.empty();
    private long newestPublicPosition;

    /**
     * Recent events of a new log.
     *
     * @param maxBytes limit on the heap bytes of the events; the newest event is always kept
     */
    public RecentEvents(long maxBytes) {
        this(0, List.of(), 0, maxBytes);
    }

    /**
     * Recent events of an existing log.
     *
     * @param before reading begins after this position
     * @param newest the kept events after it
     * @param head the log's last position, at least that of the newest event
     * @param maxBytes limit on the heap bytes of the events; the newest event is always kept
     */
    public RecentEvents(long before, List<Event> newest, long head, long maxBytes) {
        this.before = before;
        this.head = before;
        this.maxBytes = maxBytes;
        add(newest);
        this.head = head;
        this.newestKept = head;
    }

    /** Appends events, in order of strictly rising positions. */
    public synchronized void add(List<Event> events) {
        for (Event event : events) {
            if (event.position() <= head) {
                throw new IllegalStateException("Position " + event.position() + " follows " + head + ".");
            }
            if (size == ring.length) {
                grow();
            }
            ring[(first + size++) & (ring.length - 1)] = event;
            bytes += event.heapBytes();
            head = event.position();
            if (!event.isPrivate()) {
                newestPublic = Optional.of(event.id());
                newestPublicPosition = head;
            }
            if (event.isTransient()) {
                transients.put(event.id(), event);
            } else {
                newestKept = head;
            }
            while (bytes > maxBytes && size > 1) {
                evictFirst();
            }
        }
    }

    /**
     * Appends events of a log that has other entries, too.
     *
     * @param through position of the log's last entry, at least that of the last event
     */
    public synchronized void add(List<Event> events, long through) {
        add(events);
        head = Math.max(head, through);
    }

    /** Removes all events and continues after a position, up to which the log has them. Allocates nothing. */
    public synchronized void restartAfter(long position) {
        Arrays.fill(ring, null);
        transients.clear();
        first = 0;
        size = 0;
        bytes = 0;
        before = position;
        head = position;
        newestKept = position;
    }

    /** Removes the events that pass the test. Readers get no gap. Costs O(number of events). */
    public synchronized void remove(Predicate<Event> test) {
        int kept = 0;
        boolean newestPublicRemoved = false;
        for (int i = 0; i < size; i++) {
            Event event = at(i);
            if (test.test(event)) {
                bytes -= event.heapBytes();
                newestPublicRemoved |= event.position() == newestPublicPosition;
                if (event.isTransient()) {
                    transients.remove(event.id(), event);
                }
            } else {
                ring[(first + kept++) & (ring.length - 1)] = event;
            }
        }
        for (int i = kept; i < size; i++) {
            ring[(first + i) & (ring.length - 1)] = null;
        }
        size = kept;
        if (newestPublicRemoved) {
            findNewestPublic();
        }
    }

    /** Without one in memory there is none: resuming from an older event would repeat others. */
    private void findNewestPublic() {
        newestPublic = Optional.empty();
        for (int i = size - 1; i >= 0 && newestPublic.isEmpty(); i--) {
            if (!at(i).isPrivate()) {
                newestPublic = Optional.of(at(i).id());
                newestPublicPosition = at(i).position();
            }
        }
    }

    /** Number of events. */
    public synchronized int size() {
        return size;
    }

    /** Heap bytes of the events. */
    public synchronized long heapBytes() {
        return bytes;
    }

    /** Limit of {@link #heapBytes()}. */
    public long maxBytes() {
        return maxBytes;
    }

    /** Position of the newest event. */
    public synchronized long head() {
        return head;
    }

    /** Position of the newest kept event. */
    public synchronized long newestKept() {
        return newestKept;
    }

    /**
     * Position after which {@link #after} covers all events, transient ones included; earlier kept events are only in
     * the log.
     */
    public synchronized long coveredAfter() {
        return before;
    }

    /** Transient event with this id, if still present. */
    public synchronized Optional<Event> transientEvent(EventId id) {
        return Optional.ofNullable(transients.get(id));
    }

    /**
     * Events after a position, in order, within the limits. Evicted transient events are skipped.
     *
     * @param upTo last position to return, inclusive
     * @param limit stop after the event that reaches this sum of frame sizes, in bytes
     */
    public synchronized Window after(long after, long upTo, int limit) {
        if (after < before) {
            return Window.NOT_COVERED;
        }
        List<Event> events = new ArrayList<>();
        long sum = 0;
        int index = indexAfter(after);
        while (index < size
                && events.size() < MAX_EVENTS_A_READ
                && sum < limit
                && at(index).position() <= upTo) {
            Event event = at(index++);
            events.add(event);
            sum += event.frame().size();
        }
        boolean complete = index == size || at(index).position() > upTo;
        long reached = events.isEmpty() ? after : events.get(events.size() - 1).position();
        return new Window(events, complete ? Math.max(after, Math.min(upTo, head)) : reached, true);
    }

    /**
     * Newest event that passes the test. Reads {@value #MAX_EVENTS_A_READ} at a time, and tests them outside the lock.
     */
    public Optional<Event> newest(Predicate<Event> test) {
        List<Event> newestFirst = before(Long.MAX_VALUE);
        while (!newestFirst.isEmpty()) {
            Optional<Event> found = newestFirst.stream().filter(test).findFirst();
            if (found.isPresent()) {
                return found;
            }
            newestFirst = before(newestFirst.get(newestFirst.size() - 1).position());
        }
        return Optional.empty();
    }

    /**
     * Id of the newest public event, even after private ones have evicted it: their number must not be disclosed.
     *
     * @param horizon position that the event must follow, so that it is still in the log
     */
    public synchronized Optional<EventId> newestPublic(long horizon) {
        return newestPublic.filter(id -> newestPublicPosition > horizon);
    }

    private synchronized List<Event> before(long position) {
        List<Event> newestFirst = new ArrayList<>();
        int index = indexAfter(position - 1);
        while (index > 0 && newestFirst.size() < MAX_EVENTS_A_READ) {
            newestFirst.add(at(--index));
        }
        return newestFirst;
    }

    private int indexAfter(long position) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).position() <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Event at(int index) {
        return ring[(first + index) & (ring.length - 1)];
    }

    private void evictFirst() {
        Event event = ring[first];
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        size--;
        bytes -= event.heapBytes();
        if (event.isTransient()) {
            transients.remove(event.id(), event);
        } else {
            before = event.position();
        }
    }

    private void grow() {
        Event[] larger = new Event[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = at(i);
        }
        ring = larger;
        first = 0;
    }

    /**
     * Range of the recent events.
     *
     * @param events in order
     * @param through last position considered, with or without an event
     * @param covered false if the ring begins after the start of the range; the rest is empty then
     */
    public record Window(List<Event> events, long through, boolean covered) {
        private static final Window NOT_COVERED = new Window(List.of(), 0, false);
    }
}
