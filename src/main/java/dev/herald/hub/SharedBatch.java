package dev.herald.hub;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.herald.event.Frame;

/**
 * The frames that a subscriber takes in one turn, collected event by event. Those who take the same end up with the same
 * batch, and so with the same list: what is made of it for a socket is made once for all of them. Belongs to the lane's
 * thread.
 */
final class SharedBatch {
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

    /** Where the batches of one turn begin. */
    static SharedBatch empty() {
        return new SharedBatch(null, null, 0);
    }

    /**
     * This batch and one frame more. Frames are offered one after the other, each to all who want it: so it is enough to
     * know which batch the newest frame made of this one.
     */
    SharedBatch and(Frame frame) {
        if (next == null || next.last != frame) {
            next = new SharedBatch(this, frame, size + 1);
        }
        return next;
    }

    /** The frames in order: the same list at every call, which never changes. */
    List<Frame> frames() {
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
