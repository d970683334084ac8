package dev.herald.bench;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that the benchmarks detect lost, duplicate and reordered messages. */
class SubscriberGroupTest {
    private static final int PUBLISHERS = 2;

    private final SubscriberGroup group = new SubscriberGroup(PUBLISHERS);
    private final SubscriberGroup.Listener listener = group.listener();

    @Test
    void countsMessagesDeliveredOnceAndInOrder() {
        hear(message(0, 0) + message(1, 0) + message(0, 1));

        assertThat(group.delivered()).isEqualTo(3);
        assertThat(group.faults()).isZero();
    }

    @Test
    void findsMessagesThatAreCutAnywhere() {
        String stream = message(0, 0) + message(0, 1);

        for (int i = 0; i < stream.length(); i++) {
            hear(stream.substring(i, i + 1));
        }

        assertThat(group.delivered()).isEqualTo(2);
        assertThat(group.faults()).isZero();
    }

    @Test
    void detectsAMissingMessage() {
        hear(message(0, 0) + message(0, 3));

        assertThat(group.faults()).isEqualTo(2);
    }

    @Test
    void detectsAMissingFirstMessage() {
        hear(message(1, 1));

        assertThat(group.faults()).isEqualTo(1);
    }

    @Test
    void detectsADuplicateMessage() {
        hear(message(0, 0) + message(0, 0));

        assertThat(group.faults()).isEqualTo(1);
    }

    @Test
    void detectsAReorderedMessage() {
        hear(message(0, 0) + message(0, 2) + message(0, 1));

        assertThat(group.faults()).isEqualTo(2);
    }

    @Test
    void keepsListenersMessagesApart() {
        hear(message(0, 0));

        hear(group.listener(), message(0, 1));

        assertThat(group.faults()).isEqualTo(1);
    }

    @Test
    void measuresFromTheScheduledTimeOfPublication() {
        long now = System.nanoTime();
        group.measureFrom(now - 2_000_000_000L);

        hear(Marker.text(now - 3_000_000_000L, 0, 0) + Marker.text(now - 1_000_000_000L, 0, 1));

        assertThat(group.delivered()).isEqualTo(2);
        assertThat(group.measured()).isEqualTo(1);
        assertThat(group.percentile(50)).isBetween(1_000.0, 2_000.0);
    }

    private static String message(int publisher, long number) {
        return "id: 1\ndata: {\"message\":\"" + Marker.text(0, publisher, number) + "\"}\n\n";
    }

    private void hear(String piece) {
        hear(listener, piece);
    }

    private static void hear(SubscriberGroup.Listener listener, String piece) {
        ByteBuf bytes = Unpooled.copiedBuffer(piece, StandardCharsets.US_ASCII);
        listener.receive(bytes);
        bytes.release();
    }
}
