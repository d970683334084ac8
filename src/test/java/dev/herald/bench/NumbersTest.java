package dev.herald.bench;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class NumbersTest {
    @Test
    void pairedRatioIsTheMedianOfTheRatios() {
        double ratio = Numbers.pairedRatio(List.of(10.0, 20.0, 30.0), List.of(1.0, 40.0, 10.0));

        assertThat(ratio).isCloseTo(3, within(1e-9));
    }

    @Test
    void singleOtherValueIsPairedWithEachValue() {
        double ratio = Numbers.pairedRatio(List.of(10.0, 20.0, 30.0), List.of(40.0));

        assertThat(ratio).isCloseTo(0.5, within(1e-9));
    }
}
