package dev.herald.stream;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import dev.herald.event.Frame;

/**
 * Cache of the chunks that one event loop wrote last, in direct memory, which sockets send without a copy. Streams that
 * get the same frames share one buffer, however many slow readers it waits for. Belongs to the event loop.
 */
final class ChunkCache {
    /** Capacity, in bytes and in chunks, besides the chunks requested last. */
    private static final long MAX_BYTES = 1 << 20;

    private static final int MAX_CHUNKS = 256;

    private final FrameCoder coder;
    /** Oldest first. */
    private final Map<Frames, SharedChunk> cached = new LinkedHashMap<>();

    private final AtomicLong written = new AtomicLong();
    private long bytes;
    private List<Frame> latest;
    private List<SharedChunk> latestChunks;

    ChunkCache(FrameCoder coder) {
        this.coder = coder;
    }

    /**
     * The frames, in order, as chunks that are valid until the next call.
     *
     * @param frames immutable
     * @param shared whether other streams get these frames, too, with the same or other neighbours
     */
    List<SharedChunk> chunks(List<Frame> frames, boolean shared) {
        if (frames != latest) {
            // Evict here, not when adding: chunks returned below must stay valid until the next call.
            latest = null;
            latestChunks = null;
            evictOldest();
            latestChunks = frames.size() == 1 ? List.of(chunk(frames, shared)) : split(frames, shared);
            latest = frames;
        }
        return latestChunks;
    }

    /** Counts bytes that a stream has written. */
    void countWritten(long count) {
        written.setOpaque(written.getPlain() + count);
    }

    /** Bytes that streams have written. Thread-safe. */
    long written() {
        return written.getOpaque();
    }

    private List<SharedChunk> split(List<Frame> frames, boolean shared) {
        List<SharedChunk> chunks = new ArrayList<>(1);
        int start = 0;
        for (int i = 0; i < frames.size(); i++) {
            if (frames.get(i).size() >= coder.minSeparateBytes(shared)) {
                addChunk(chunks, frames.subList(start, i), shared);
                addChunk(chunks, frames.subList(i, i + 1), shared);
                start = i + 1;
            }
        }
        addChunk(chunks, start == 0 ? frames : frames.subList(start, frames.size()), shared);
        return chunks;
    }

    private void addChunk(List<SharedChunk> chunks, List<Frame> frames, boolean shared) {
        if (!frames.isEmpty()) {
            chunks.add(chunk(frames, shared));
        }
    }

    private SharedChunk chunk(List<Frame> frames, boolean shared) {
        Frames key = new Frames(frames);
        SharedChunk chunk = cached.get(key);
        if (chunk == null) {
            chunk = coder.chunk(frames, shared);
            put(key, chunk);
        }
        return chunk;
    }

    private void put(Frames key, SharedChunk chunk) {
        boolean added = false;
        try {
            cached.put(key, chunk);
            bytes += size(key, chunk);
            added = true;
        } finally {
            if (!added) {
                chunk.release();
            }
        }
    }

    private void evictOldest() {
        Iterator<Map.Entry<Frames, SharedChunk>> oldestFirst = cached.entrySet().iterator();
        while (bytes > MAX_BYTES || cached.size() > MAX_CHUNKS) {
            Map.Entry<Frames, SharedChunk> oldest = oldestFirst.next();
            oldestFirst.remove();
            bytes -= size(oldest.getKey(), oldest.getValue());
            oldest.getValue().release();
        }
    }

    /** The cached key retains the frames, which may be larger than their compressed chunk. */
    private static long size(Frames frames, SharedChunk chunk) {
        return Math.max(frames.size(), chunk.size());
    }

    /** Releases all chunks. Pending socket writes keep their own references. */
    void clear() {
        cached.values().forEach(SharedChunk::release);
        cached.clear();
        bytes = 0;
        latest = null;
        latestChunks = null;
        coder.close();
    }

    /** Key of frames by identity: equality would read all bytes again for each reader. */
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

        long size() {
            long size = 0;
            for (int i = 0; i < frames.size(); i++) {
                size += frames.get(i).size();
            }
            return size;
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
