package dev.herald.event;

import java.util.List;

/**
 * Name that updates are published to: any text of one line, in Mercure usually a URL. Comparable, so that hash tables
 * stay fast when an attacker chooses names with equal hashes.
 *
 * @param name 1 to {@value #MAX_BYTES} bytes of UTF-8, without control characters and most format characters
 */
public record Topic(String name) implements Comparable<Topic> {
    /** Longest name, in bytes of UTF-8, inclusive. */
    public static final int MAX_BYTES = 4_096;

    private static final long OBJECT_BYTES = 64;

    /** @throws InvalidFieldException if the name is invalid */
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
