package dev.herald.frames;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.herald.event.Frame;

/**
 * Immutable list of the frames of one turn, shared by all subscribers that take the same ones. So its encoded form for
 * a socket is made once. Belongs to the lane's thread.
 */
public final class SharedBatch {
    private final SharedBatch before;
    private final Frame last;
    private final int size;
    private SharedBatch next;
    private List<Frame> frames;

    private SharedBatch(SharedBatch before, Frame last, int size) {
        this.before = before;
        this.last = last;
        this.size = size;
    }

    /** Root of all batches of one turn. */
    static SharedBatch empty() {
        return new SharedBatch(null, null, 0);
    }

    /**
     * This batch with one more frame. Each frame is offered to all subscribers before the next, so caching the newest
     * successor is enough.
     */
    public SharedBatch and(Frame frame) {
        if (next == null || next.last != frame) {
            next = new SharedBatch(this, frame, size + 1);
        }
        return next;
    }

    /** Frames in order: the same immutable list at every call. */
    public List<Frame> frames() {
        if (frames == null) {
            frames = size == 1 ? List.of(last) : inOrder();
        }
        return frames;
    }

    private List<Frame> inOrder() {
        List<Frame> reversed = new ArrayList<>(size);
        for (SharedBatch batch = this; batch.size > 0; batch = batch.before) {
            reversed.add(batch.last);
        }
        Collections.reverse(reversed);
        return Collections.unmodifiableList(reversed);
    }
}
