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
 * The newest events of the log, in memory: a ring bounded by bytes. One thread adds; any thread reads. A reader holds
 * the lock only while it copies references, at most {@value #MAX_EVENTS_A_READ} of them, so that an event loop may read.
 */
public final class RecentEvents {
    private static final int MAX_EVENTS_A_READ = 1_024;
    private static final int SMALLEST_RING = 64;

    private final long maxBytes;

    /** The transient ones: nobody else could find them by their ids. */
    private final Map<EventId, Event> passing = new HashMap<>();

    private Event[] ring = new Event[SMALLEST_RING];
    private int first;
    private int size;
    private long bytes;

    /** Position of the last kept event that is not here. */
    private long before;

    private long head;
    private long newestKept;
    private Optional<EventId> newestPublic = Optional.empty();
    private long newestPublicPosition;

    /**
     * The recent events of a new log.
     *
     * @param maxBytes what the events may occupy, in bytes; the newest event is held whatever its size
     */
    public RecentEvents(long maxBytes) {
        this(0, List.of(), 0, maxBytes);
    }

    /**
     * The recent events of a log that has some already.
     *
     * @param before reading begins after this position
     * @param newest the kept events that follow it
     * @param head where the log goes on: not less than the position of the newest event
     * @param maxBytes what the events may occupy, in bytes; the newest event is held whatever its size
     */
    public RecentEvents(long before, List<Event> newest, long head, long maxBytes) {
        this.before = before;
        this.head = before;
        this.maxBytes = maxBytes;
        add(newest);
        this.head = head;
        this.newestKept = head;
    }

    /** Adds events in order; every position must be higher than the ones before. */
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
                passing.put(event.id(), event);
            } else {
                newestKept = head;
            }
            while (bytes > maxBytes && size > 1) {
                dropFirst();
            }
        }
    }

    /** Forgets all events, and goes on after a position, up to which they are in the log. Takes no memory. */
    public synchronized void restartAfter(long position) {
        Arrays.fill(ring, null);
        passing.clear();
        first = 0;
        size = 0;
        bytes = 0;
        before = position;
        head = position;
        newestKept = position;
    }

    /** Position of the newest event. */
    public synchronized long head() {
        return head;
    }

    /** Position of the newest event that is kept. */
    public synchronized long newestKept() {
        return newestKept;
    }

    /** From here on {@link #after} has all there is, transient events included; what stands before is in the log. */
    public synchronized long joint() {
        return before;
    }

    /** The event of that id, if it is transient and still here. */
    public synchronized Optional<Event> passing(EventId id) {
        return Optional.ofNullable(passing.get(id));
    }

    /**
     * What follows {@code after}, in order, as far as fits. Transient events that are gone are owed to nobody.
     *
     * @param upTo last position to return, inclusive
     * @param limit stop after the event that reaches this sum of frame sizes, in bytes
     */
    public synchronized Window after(long after, long upTo, int limit) {
        if (after < before) {
            return Window.FALLEN_OUT;
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
        boolean whole = index == size || at(index).position() > upTo;
        long reached = events.isEmpty() ? after : events.get(events.size() - 1).position();
        return new Window(events, whole ? Math.max(after, Math.min(upTo, head)) : reached, true);
    }

    /**
     * The newest event that passes the test. Looks at {@value #MAX_EVENTS_A_READ} at a time, and tests them without the
     * lock.
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
     * The id of the newest public event, also after private ones have displaced it here: how many they are must not show.
     *
     * @param horizon position that the event must follow, to be in the log still
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

    private void dropFirst() {
        Event event = ring[first];
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        size--;
        bytes -= event.heapBytes();
        if (event.isTransient()) {
            passing.remove(event.id(), event);
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
     * A stretch of the recent events.
     *
     * @param events in order
     * @param through the last position considered, whether or not an event stands there
     * @param covered false if the ring no longer reaches back to where the stretch should begin; the rest is empty then
     */
    public record Window(List<Event> events, long through, boolean covered) {
        private static final Window FALLEN_OUT = new Window(List.of(), 0, false);
    }
}
