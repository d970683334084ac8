package dev.herald.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;
import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Cursors, ids of transient events, and generations. Only what the log has sealed opens, and no cursor resumes beyond
 * its own position.
 */
public final class CursorFuzz implements FuzzTarget {
    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final Generations GENERATIONS = new Generations(List.of(
            new Generation(1, 0, true),
            new Generation(2, 10, false),
            new Generation(Generation.EXPIRED, 20, true),
            new Generation(4, 20, true)));

    private final CursorSeal seal = new CursorSeal(KEY);
    private final TransientIds ids = new TransientIds(KEY);
    private final String sealed = seal.seal(new CursorSeal.Mark(4, 30, 25));

    @Override
    public void run(FuzzInput input) {
        int at = input.number(sealed.length());
        char c = (char) input.number(256);
        long generation = input.number(6);
        long position = input.number(60);
        long kept = Math.min(position, input.number(60));
        String text = input.text();

        assertThat(seal.open(text)).isEmpty();
        String changed = sealed.substring(0, at) + c + sealed.substring(at + 1);
        assertThat(seal.open(changed).isPresent()).isEqualTo(changed.equals(sealed));
        CursorSeal.Mark mark = new CursorSeal.Mark(generation, position, kept);
        assertThat(seal.open(seal.seal(mark))).contains(mark);
        OptionalLong resumed = GENERATIONS.resume(mark);
        assertThat(resumed.orElse(0)).isLessThanOrEqualTo(position);
        assertThat(resumed.isPresent())
                .isEqualTo(generation == 1 && kept <= 9 || generation == 2 && kept <= 20 || generation == 4);
        openId(text);
        Optional<EventId> id = ids.id(generation, kept, position - kept, Instant.ofEpochMilli(at));
        assertThat(ids.open(id.orElseThrow())).contains(new TransientIds.Mark(TransientIds.tag(generation), kept));
    }

    private void openId(String text) {
        EventId id;
        try {
            id = new EventId(text);
        } catch (InvalidFieldException invalid) {
            return;
        }
        ids.open(id).ifPresent(mark -> {
            assertThat(text).startsWith("urn:uuid:");
            assertThat(mark.offset()).isNotNegative();
            GENERATIONS.resume(mark);
        });
    }
}
