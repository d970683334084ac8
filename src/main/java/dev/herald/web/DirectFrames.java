package dev.herald.web;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/**
 * What one event loop wrote last, in direct memory, which sockets take without a copy. Those who are given the same frames
 * share one buffer, which waits for any number of slow readers as one and the same memory. Belongs to the event loop.
 */
final class DirectFrames {
    /** What is held for the next reader, in bytes and in pieces, besides what was asked for last. */
    private static final long MAX_BYTES = 1 << 20;

    private static final int MAX_CHUNKS = 256;

    /**
     * Frames from this size on, in bytes, are chunks of their own: readers that get them with different neighbours share
     * them still. Smaller ones are cheaper copied than written one by one.
     */
    private static final int LARGE_FRAME_BYTES = 8 << 10;

    private final ByteBufAllocator allocator;
    /** Oldest first. */
    private final Map<Frames, SharedChunk> held = new LinkedHashMap<>();

    private long bytes;
    private List<Frame> latest;
    private List<SharedChunk> latestChunks;

    DirectFrames(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** The frames, in order, as chunks that are valid until the next call. The list must never change. */
    List<SharedChunk> chunks(List<Frame> frames) {
        if (frames != latest) {
            // Now, and not when one more is held: what is handed out below must last until the next call.
            latest = null;
            latestChunks = null;
            dropOldest();
            latestChunks = frames.size() == 1 ? List.of(chunk(frames)) : split(frames);
            latest = frames;
        }
        return latestChunks;
    }

    private List<SharedChunk> split(List<Frame> frames) {
        List<SharedChunk> chunks = new ArrayList<>(1);
        int start = 0;
        for (int i = 0; i < frames.size(); i++) {
            if (frames.get(i).size() >= LARGE_FRAME_BYTES) {
                addChunk(chunks, frames, start, i);
                addChunk(chunks, frames, i, i + 1);
                start = i + 1;
            }
        }
        addChunk(chunks, frames, start, frames.size());
        return chunks;
    }

    private void addChunk(List<SharedChunk> chunks, List<Frame> frames, int from, int to) {
        if (from < to) {
            chunks.add(chunk(to - from == frames.size() ? frames : frames.subList(from, to)));
        }
    }

    private SharedChunk chunk(List<Frame> frames) {
        Frames key = new Frames(frames);
        SharedChunk chunk = held.get(key);
        if (chunk == null) {
            chunk = SharedChunk.of(frames, allocator);
            held.put(key, chunk);
            bytes += chunk.size();
        }
        return chunk;
    }

    private void dropOldest() {
        Iterator<SharedChunk> oldestFirst = held.values().iterator();
        while (bytes > MAX_BYTES || held.size() > MAX_CHUNKS) {
            SharedChunk oldest = oldestFirst.next();
            oldestFirst.remove();
            bytes -= oldest.size();
            oldest.release();
        }
    }

    /** Lets go of everything. What waits in sockets stays theirs. */
    void clear() {
        held.values().forEach(SharedChunk::release);
        held.clear();
        bytes = 0;
        latest = null;
        latestChunks = null;
    }

    /** Frames by identity: equality would read all bytes again for each reader. */
    private static final class Frames {
        private final List<Frame> frames;
        private final int hash;

        Frames(List<Frame> frames) {
            this.frames = frames;
            this.hash = 31 * System.identityHashCode(frames.get(0))
                    + System.identityHashCode(frames.get(frames.size() - 1))
                    + frames.size();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Frames that && (frames == that.frames || sameFrames(that.frames));
        }

        private boolean sameFrames(List<Frame> others) {
            if (frames.size() != others.size()) {
                return false;
            }
            for (int i = 0; i < frames.size(); i++) {
                if (frames.get(i) != others.get(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
