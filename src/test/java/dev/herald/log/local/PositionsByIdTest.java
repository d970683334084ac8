package dev.herald.log.local;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;

import static org.assertj.core.api.Assertions.assertThat;

class PositionsByIdTest {
    private static final EventId ID = new EventId("a");

    private final PositionsById positions = new PositionsById();

    @Test
    void positionsOfAnIdAscend() {
        positions.add(event("a", 7));
        positions.add(event("b", 5));
        positions.add(event("a", 3));
        positions.add(event("aa", 1));

        assertThat(positions.of(ID)).containsExactly(3L, 7L);
        assertThat(positions.of(new EventId("b"))).containsExactly(5L);
        assertThat(positions.of(new EventId("c"))).isEmpty();
    }

    @Test
    void removesOnePositionOfAnId() {
        positions.add(event("a", 1));
        positions.add(event("a", 2));
        positions.add(event("a", 3));

        positions.remove(event("a", 2));
        positions.remove(event("b", 1));

        assertThat(positions.of(ID)).containsExactly(1L, 3L);
    }

    /** With a copy of all positions for each change, this would copy 40 GB. */
    @Test
    void idThatIsUsedOftenCostsNoMoreThanOthers() {
        int count = 100_000;
        for (int i = 1; i <= count; i++) {
            positions.add(event("a", i));
        }
        for (int i = count; i > 1; i--) {
            positions.remove(event("a", i));
        }

        assertThat(positions.of(ID)).containsExactly(1L);
    }

    private static Event event(String id, long position) {
        Update update = new Update(
                List.of(new Topic("t")), "", false, Optional.empty(), Optional.empty(), OptionalLong.empty());
        return Event.of(position, new EventId(id), Instant.EPOCH, false, update);
    }
}
