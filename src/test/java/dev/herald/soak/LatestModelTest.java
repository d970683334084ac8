package dev.herald.soak;

import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LatestModelTest {
    private static final long SEED = 1;
    private static final Kind NEWS =
            new Kind("news", Kind.Surface.QUICK, Kind.Transport.HTTP_1, List.of(Selector.NEWS), List.of());

    private final LatestModel model = new LatestModel(SEED, true);

    /** Attempts whose only topic is {@code news}. */
    private static List<Long> news(boolean isPrivate) {
        return LongStream.range(0, 1_000)
                .map(sequence -> Attempt.of(2, sequence, 0))
                .filter(attempt -> Plan.of(SEED, attempt).topics().equals(List.of("news"))
                        && Plan.of(SEED, attempt).isPrivate() == isPrivate)
                .boxed()
                .toList();
    }

    @Test
    void newestReadableEventIsRightAndEveryOtherOneIsNot() {
        List<Long> readable = news(false);
        readable.subList(0, 3).forEach(model::add);
        model.add(news(true).get(0));

        assertThat(model.check(NEWS, List.of(readable.get(2)))).isEmpty();
        assertThat(model.check(NEWS, List.of(readable.get(1)))).isPresent();
        assertThat(model.check(NEWS, List.of(news(true).get(0)))).isPresent();
        assertThat(model.check(NEWS, List.of())).isPresent();
        assertThat(model.check(NEWS, List.of(readable.get(1), readable.get(2)))).isPresent();
    }

    @Test
    void eventsAreInTheOrderOfTheLog() {
        long bell = Attempt.of(Plan.BELL, 1, 0);
        model.add(bell);
        long newest = news(false).get(0);
        model.add(newest);

        assertThat(model.check(Kind.WITNESS, List.of(bell, newest))).isEmpty();
        assertThat(model.check(Kind.WITNESS, List.of(newest, bell))).isPresent();
    }
}
