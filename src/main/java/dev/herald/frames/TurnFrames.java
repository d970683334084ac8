package dev.herald.frames;

import dev.herald.event.Event;
import dev.herald.event.Frame;

/**
 * Frames of the events that one lane delivers in one turn, and the shared batches of its subscribers. Belongs to the
 * lane's thread.
 */
public final class TurnFrames {
    /**
     * Size of envelopes at which a step of a lane ends, in bytes. An envelope has all topics of its event, and so may be
     * much larger than the plain frame by which a step is bounded otherwise.
     */
    public static final long MAX_ENVELOPE_BYTES = 256 << 10;

    private final EnvelopeCache cache;
    private SharedBatch plain = SharedBatch.empty();
    private SharedBatch enveloped = SharedBatch.empty();
    private Event latest;
    private Frame latestEnvelope;
    private long envelopeBytes;

    public TurnFrames(EnvelopeCache cache) {
        this.cache = cache;
    }

    /** Begins a turn: batches of earlier turns are released. */
    public void begin() {
        plain = SharedBatch.empty();
        enveloped = SharedBatch.empty();
        latest = null;
        latestEnvelope = null;
        envelopeBytes = 0;
    }

    /** Root of the batches of one encoding in this turn. */
    public SharedBatch root(boolean envelope) {
        return envelope ? enveloped : plain;
    }

    /** The frame of an event in one encoding. Each event is asked for by all subscribers before the next. */
    public Frame frame(Event event, boolean envelope) {
        if (!envelope) {
            return event.frame();
        }
        if (latest != event) {
            latestEnvelope = cache.frame(event);
            latest = event;
            envelopeBytes += latestEnvelope.size();
        }
        return latestEnvelope;
    }

    /** Whether the turn must end with the current event. */
    public boolean full() {
        return envelopeBytes >= MAX_ENVELOPE_BYTES;
    }
}
