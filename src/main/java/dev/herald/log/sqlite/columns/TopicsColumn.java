package dev.herald.log.sqlite.columns;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;

/**
 * Parser of the column of topics, one name a line, with a cache. Many rows have the same topics, which are then decoded
 * and validated once, and share their memory. The cache is at most 100 KB. Not thread-safe.
 */
public final class TopicsColumn {
    private static final int SLOTS = 64;

    /** Longer columns are not cached, in bytes. */
    private static final int MAX_CACHED_BYTES = 256;

    private final Entry[] cache = new Entry[SLOTS];

    /** @throws InvalidFieldException if a line is not a topic */
    public List<Topic> parse(byte[] utf8) {
        int slot = Arrays.hashCode(utf8) & SLOTS - 1;
        Entry cached = cache[slot];
        if (cached != null && Arrays.equals(utf8, cached.utf8)) {
            return cached.topics;
        }
        List<Topic> topics = topics(utf8);
        if (utf8.length <= MAX_CACHED_BYTES) {
            cache[slot] = new Entry(utf8, topics);
        }
        return topics;
    }

    /** As {@link #parse}, without the cache. */
    public static List<Topic> topics(byte[] utf8) {
        String lines = new String(utf8, StandardCharsets.UTF_8);
        return lines.indexOf('\n') < 0
                ? List.of(new Topic(lines))
                : Arrays.stream(lines.split("\n", -1)).map(Topic::new).toList();
    }

    private record Entry(byte[] utf8, List<Topic> topics) {}
}
