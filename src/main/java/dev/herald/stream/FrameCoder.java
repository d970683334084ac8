package dev.herald.stream;

import java.util.List;

import dev.herald.event.Frame;

/** Encoder of frames for all streams of one content coding. Belongs to an event loop. */
public interface FrameCoder {

    /**
     * Frames of at least this size, in bytes, become chunks of their own, which readers share even if they get them
     * with different neighbours.
     *
     * @param shared whether other streams get the frames, too
     */
    int minSeparateBytes(boolean shared);

    /**
     * A chunk with the frames, in order. The caller must call {@link SharedChunk#release()}.
     *
     * @param shared whether other streams get the frames, too
     */
    SharedChunk chunk(List<Frame> frames, boolean shared);

    /** Releases the coder's resources. It must not be used afterwards. */
    void close();
}
