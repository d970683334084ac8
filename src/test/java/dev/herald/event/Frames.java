package dev.herald.event;

/** Factory of frames with any bytes, even without an event. */
public final class Frames {
    private Frames() {}

    public static Frame of(byte[] bytes) {
        return new Frame(bytes);
    }
}
