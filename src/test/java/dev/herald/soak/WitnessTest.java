package dev.herald.soak;

import java.util.List;

import org.junit.jupiter.api.Test;

import static dev.herald.soak.SmallRound.A;
import static dev.herald.soak.SmallRound.B;
import static dev.herald.soak.SmallRound.C;
import static dev.herald.soak.SmallRound.D;
import static dev.herald.soak.SmallRound.event;
import static dev.herald.soak.SmallRound.gap;
import static dev.herald.soak.SmallRound.resumed;
import static org.assertj.core.api.Assertions.assertThat;

class WitnessTest {
    @Test
    void repeatedEventsAreLeftOut() {
        assertThat(log(event(A), event(B), event(C), resumed(), event(C), event(D)))
                .containsExactly(A, B, C, D);
    }

    @Test
    void eventThatIsDoubledOtherwiseStays() {
        assertThat(log(event(A), gap(), event(A), resumed(), event(B), event(A)))
                .containsExactly(A, A, B, A);
    }

    private static List<Long> log(Arrival... arrivals) {
        return Witness.log(List.of(arrivals)).stream().map(Stored::attempt).toList();
    }
}
