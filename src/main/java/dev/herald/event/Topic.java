package dev.herald.event;

/**
 * A name that updates are published to. Any text of one line; a URL by custom of Mercure.
 *
 * @param name 1 to {@value #MAX_BYTES} bytes of UTF-8, without control or format characters
 */
public record Topic(String name) {
    /** Longest name, in bytes of UTF-8, inclusive. */
    public static final int MAX_BYTES = 4_096;

    /** @throws InvalidFieldException if the name breaks the rule above */
    public Topic {
        SingleLine.check("topic", name, MAX_BYTES);
    }

    @Override
    public String toString() {
        return name;
    }
}
