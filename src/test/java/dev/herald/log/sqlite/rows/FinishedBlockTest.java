package dev.herald.log.sqlite.rows;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

import dev.herald.event.EventType;
import dev.herald.event.Frame;

import static org.assertj.core.api.Assertions.assertThat;

/** Round-trip tests: decoded fields equal the encoded ones and encode to the same block. */
class FinishedBlockTest {
    @Property
    void fieldsOfABlockRoundTrip(
            @ForAll @CharRange(from = ' ', to = 'z') @CharRange(from = '\n', to = '\r') @CharRange(from = 'é', to = '€')
                    String data,
            @ForAll @StringLength(max = 5) @CharRange(from = 'a', to = 'z') String name,
            @ForAll @IntRange(min = -1) int millis) {
        Optional<EventType> type = name.isEmpty() ? Optional.empty() : Optional.of(new EventType(name));
        OptionalLong retry = millis < 0 ? OptionalLong.empty() : OptionalLong.of(millis);
        Frame frame = Frame.builder()
                .id("id")
                .type(type)
                .retryMillis(retry)
                .data(data)
                .build();
        byte[] bytes = new byte[frame.size()];
        frame.bytes().get(bytes);

        FinishedBlock block = FinishedBlock.parse(bytes);

        assertThat(block.type()).isEqualTo(type);
        assertThat(block.retryMillis()).isEqualTo(retry);
        assertThat(new String(block.data(), StandardCharsets.UTF_8))
                .isEqualTo(data.replace("\r\n", "\n").replace('\r', '\n'));
    }
}
