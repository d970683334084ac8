package dev.herald.frames;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.herald.event.Event;
import dev.herald.event.EventJson;
import dev.herald.event.Frame;

/**
 * Cache of the envelopes (PROTOCOL Q17) that this node encoded last, so that an event is encoded once for all streams.
 * Bounded in bytes, besides the newest envelope. Thread-safe: threads that ask for one event at the same time wait for
 * the one that encodes it; no other thread waits.
 */
public final class EnvelopeCache {
    private final long maxBytes;

    /** By position, oldest first. */
    private final Map<Long, Envelope> cached = new LinkedHashMap<>();

    private long bytes;

    /** @param maxBytes limit on the heap bytes of the envelopes and their events */
    public EnvelopeCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Frame of the event whose data is the event as a JSON object. The same one for the same event while it is cached.
     * The first call for an event costs O(its size).
     */
    public Frame frame(Event event) {
        Envelope envelope = envelope(event);
        Frame frame = envelope.frame();
        charge(envelope, event.heapBytes() + frame.size());
        return frame;
    }

    /** Heap bytes of the envelopes and their events. */
    public synchronized long bytes() {
        return bytes;
    }

    private synchronized Envelope envelope(Event event) {
        Envelope found = cached.get(event.position());
        // Another object has another plain frame, too: it was read from the log once more.
        if (found != null && found.event == event) {
            return found;
        }
        if (found != null) {
            bytes -= found.bytes;
            cached.remove(event.position());
        }
        Envelope created = new Envelope(event);
        cached.put(event.position(), created);
        return created;
    }

    private synchronized void charge(Envelope envelope, long heapBytes) {
        if (envelope.bytes == 0 && cached.get(envelope.event.position()) == envelope) {
            envelope.bytes = heapBytes;
            bytes += heapBytes;
            evictOldest();
        }
    }

    private void evictOldest() {
        Iterator<Envelope> oldestFirst = cached.values().iterator();
        while (bytes > maxBytes && cached.size() > 1) {
            bytes -= oldestFirst.next().bytes;
            oldestFirst.remove();
        }
    }

    /** Envelope of one event, encoded at its first use. */
    private static final class Envelope {
        final Event event;
        /** Charged heap bytes; 0 until it is encoded. Guarded by the cache. */
        long bytes;

        private Frame frame;

        Envelope(Event event) {
            this.event = event;
        }

        synchronized Frame frame() {
            if (frame == null) {
                frame = EventJson.of(event).frame();
            }
            return frame;
        }
    }
}
