package dev.herald.frames;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;

import static org.assertj.core.api.Assertions.assertThat;

class TurnFramesTest {
    private final TurnFrames frames = new TurnFrames(new EnvelopeCache(1));

    private static Event event(long position, String data) {
        return Event.of(position, new EventId("e" + position), Instant.EPOCH, false, Update.of(new Topic("t"), data));
    }

    @Test
    void subscribersOfEachEncodingShareTheirBatches() {
        Event event = event(1, "{}");

        SharedBatch plain = frames.root(false).and(frames.frame(event, false));
        SharedBatch envelope = frames.root(true).and(frames.frame(event, true));

        assertThat(frames.root(false).and(frames.frame(event, false)).frames())
                .isSameAs(plain.frames())
                .containsExactly(event.frame());
        assertThat(frames.root(true).and(frames.frame(event, true)).frames()).isSameAs(envelope.frames());
    }

    @Test
    void envelopeOfOneEventIsTheSameWhateverTheCacheKeeps() {
        Event event = event(1, "x".repeat(1_000));

        assertThat(frames.frame(event, true)).isSameAs(frames.frame(event, true));
    }

    @Test
    void turnIsFullWhenItsEnvelopesAreLarge() {
        String data = "x".repeat((int) TurnFrames.MAX_ENVELOPE_BYTES / 2);

        frames.frame(event(1, data), true);
        frames.frame(event(1, data), false);
        assertThat(frames.full()).isFalse();
        frames.frame(event(2, data), true);
        assertThat(frames.full()).isTrue();

        frames.begin();
        assertThat(frames.full()).isFalse();
    }
}
