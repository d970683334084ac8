package dev.herald.event;

/** Frames of any bytes, also of such as are no event. */
public final class Frames {
    private Frames() {}

    public static Frame of(byte[] bytes) {
        return new Frame(bytes);
    }
}
