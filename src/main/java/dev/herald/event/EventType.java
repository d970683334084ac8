package dev.herald.event;

/**
 * Type under which a browser dispatches an event; without one it is {@code message} (HTML §9.2.6).
 *
 * @param name 1 to {@value #MAX_BYTES} bytes of UTF-8, without control characters and most format characters
 */
public record EventType(String name) {
    /** Longest name, in bytes of UTF-8, inclusive. */
    public static final int MAX_BYTES = 255;

    /** @throws InvalidFieldException if the name is invalid */
    public EventType {
        SingleLine.check("type", name, MAX_BYTES);
    }

    @Override
    public String toString() {
        return name;
    }
}
