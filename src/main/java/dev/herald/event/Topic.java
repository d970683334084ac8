package dev.herald.event;

import java.util.List;

/**
 * A name that updates are published to. Any text of one line; a URL by custom of Mercure. It has an order for the sake of
 * hash tables, which go on being fast when strangers choose names whose hashes are equal.
 *
 * @param name 1 to {@value #MAX_BYTES} bytes of UTF-8, without control characters and most format characters
 */
public record Topic(String name) implements Comparable<Topic> {
    /** Longest name, in bytes of UTF-8, inclusive. */
    public static final int MAX_BYTES = 4_096;

    private static final long OBJECT_BYTES = 64;

    /** @throws InvalidFieldException if the name breaks the rule above */
    public Topic {
        SingleLine.check("topic", name, MAX_BYTES);
    }

    /** Estimated heap size of the topics, in bytes. Costs O(number of topics). */
    static long heapBytes(List<Topic> topics) {
        long bytes = 0;
        for (Topic topic : topics) {
            bytes += OBJECT_BYTES + 2L * topic.name().length();
        }
        return bytes;
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
