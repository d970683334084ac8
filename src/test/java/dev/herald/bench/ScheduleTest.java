package dev.herald.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ScheduleTest {
    private static final long SECOND = 1_000_000_000;
    private static final long ENDLESS = Long.MAX_VALUE;

    @Test
    void messagesAreDueIndependentlyOfResponses() {
        Schedule schedule = Schedule.at(10, 500, SECOND, ENDLESS);

        assertThat(schedule.due(0, 1, 0)).isEqualTo(500);
        assertThat(schedule.due(0, 1, 3)).isEqualTo(500 + 3 * SECOND / 10);
    }

    @Test
    void publishersAlternate() {
        Schedule schedule = Schedule.at(10, 0, SECOND, ENDLESS);

        assertThat(schedule.due(1, 2, 0)).isEqualTo(SECOND / 10);
        assertThat(schedule.due(0, 2, 1)).isEqualTo(2 * SECOND / 10);
    }

    @Test
    void endsAtItsTime() {
        Schedule schedule = Schedule.at(10, 500, SECOND, ENDLESS);

        assertThat(schedule.over(500 + SECOND - 1, 9)).isFalse();
        assertThat(schedule.over(500 + SECOND, 10)).isTrue();
    }

    @Test
    void endsAfterTheLastMessage() {
        Schedule schedule = Schedule.at(10, 500, SECOND, 2);

        assertThat(schedule.over(500, 1)).isFalse();
        assertThat(schedule.over(500, 2)).isTrue();
    }
}
