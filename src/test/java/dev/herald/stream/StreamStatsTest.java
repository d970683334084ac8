package dev.herald.stream;

import java.io.IOException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StreamStatsTest {

    /** The network may report an error before the kernel gives up. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection timed out",
                "recvAddress(..) failed: Connection timed out",
                "recvAddress(..) failed: No route to host",
                "writevAddresses(..) failed: Network is unreachable",
                "Host is down"
            })
    void clientThatCannotBeReachedHasVanished(String message) {
        assertThat(StreamStats.isTimeout(new IOException(message))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"recvAddress(..) failed: Connection reset by peer", "Broken pipe", ""})
    void clientThatDisconnectsHasNotVanished(String message) {
        assertThat(StreamStats.isTimeout(new IOException(message))).isFalse();
        assertThat(StreamStats.isTimeout(new IllegalStateException("timed out")))
                .isFalse();
        assertThat(StreamStats.isTimeout(null)).isFalse();
    }
}
