package dev.herald.log.sqlite.columns;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.herald.event.Topic;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the cache of topics. */
class TopicsColumnTest {
    /** More columns than the cache has slots, so that some share one. */
    private static final int COLUMNS = 1_000;

    private static byte[] utf8(List<Topic> topics) {
        return String.join("\n", topics.stream().map(Topic::name).toList()).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void columnsThatShareASlotGetTheirOwnTopics() {
        TopicsColumn column = new TopicsColumn();
        List<List<Topic>> all = IntStream.range(0, COLUMNS)
                .mapToObj(i -> List.of(new Topic("first-" + i), new Topic("other-" + i)))
                .toList();

        for (int round = 0; round < 2; round++) {
            for (List<Topic> topics : all) {
                assertThat(column.parse(utf8(topics))).isEqualTo(topics);
            }
        }
    }

    @Test
    void repeatedColumnGetsTheSameObjectsUnlessItIsLong() {
        TopicsColumn column = new TopicsColumn();
        List<Topic> topics = List.of(new Topic("first"), new Topic("other"));
        List<Topic> longTopics = List.of(new Topic("x".repeat(257)));

        assertThat(column.parse(utf8(topics))).isSameAs(column.parse(utf8(topics)));
        assertThat(column.parse(utf8(longTopics))).isEqualTo(longTopics).isNotSameAs(column.parse(utf8(longTopics)));
    }
}
