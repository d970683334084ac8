package dev.herald.stream;

import java.util.List;

import dev.herald.event.Frame;

/** Turns frames into the bytes that streams of one content coding carry. Belongs to an event loop. */
public interface FrameCoder {

    /**
     * Frames from this size on, in bytes, are chunks of their own: readers that get them with different neighbours share
     * them still.
     *
     * @param shared whether others are given the frames, too
     */
    int aloneFrom(boolean shared);

    /**
     * A chunk with the frames, in order; to be let go by {@link SharedChunk#release()}.
     *
     * @param shared whether others are given the frames, too
     */
    SharedChunk chunk(List<Frame> frames, boolean shared);

    /** Lets go of what it needed. Nothing may be coded after that. */
    void close();
}
