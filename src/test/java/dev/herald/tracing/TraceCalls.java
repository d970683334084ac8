package dev.herald.tracing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.herald.event.UpdateBatch;

/** Trace that records its calls in words. Thread-safe. */
public final class TraceCalls implements UpdateTrace {
    /** The calls so far, in order. */
    public final List<String> made = new CopyOnWriteArrayList<>();

    @Override
    public void enqueued(UpdateBatch batch) {
        made.add("enqueued");
    }

    @Override
    public void taken() {
        made.add("taken");
    }

    @Override
    public void stored() {
        made.add("stored");
    }

    @Override
    public void failed() {
        made.add("failed");
    }

    @Override
    public void repeated() {
        made.add("repeated");
    }

    @Override
    public void delivered(int loops, long streams) {
        made.add("delivered by " + loops + " to " + streams);
    }
}
