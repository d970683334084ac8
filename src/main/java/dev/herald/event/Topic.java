package dev.herald.event;

/**
 * A name that updates are published to. Any text of one line; a URL by custom of Mercure. It has an order for the sake of
 * hash tables, which go on being fast when strangers choose names whose hashes are equal.
 *
 * @param name 1 to {@value #MAX_BYTES} bytes of UTF-8, without control characters and most format characters
 */
public record Topic(String name) implements Comparable<Topic> {
    /** Longest name, in bytes of UTF-8, inclusive. */
    public static final int MAX_BYTES = 4_096;

    /** @throws InvalidFieldException if the name breaks the rule above */
    public Topic {
        SingleLine.check("topic", name, MAX_BYTES);
    }

    @Override
    public int compareTo(Topic other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
