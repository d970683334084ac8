package dev.herald.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;
import dev.herald.sse.Message;
import dev.herald.sse.SseParser;

import static org.assertj.core.api.Assertions.assertThat;

/** Encoding of events: a parser by the standard reads each as published, wherever reads split the bytes. */
public final class FrameFuzz implements FuzzTarget {
    @Override
    public void run(FuzzInput input) {
        int step = 1 + input.number(9);
        int retry = input.number(128) - 1;
        Update update;
        try {
            Optional<EventId> id = Optional.of(new EventId(input.line()));
            String type = input.line();
            update = new Update(
                    List.of(new Topic("t")),
                    input.text(),
                    false,
                    id,
                    type.isEmpty() ? Optional.empty() : Optional.of(new EventType(type)),
                    retry < 0 ? OptionalLong.empty() : OptionalLong.of(retry));
        } catch (InvalidFieldException invalid) {
            return;
        }
        Event event = Event.of(1, update.id().orElseThrow(), Instant.EPOCH, false, update);
        byte[] data = update.data().getBytes(StandardCharsets.UTF_8);

        assertThat(event.data().toArray()).isEqualTo(data);
        assertThat(Data.isLine(data)).isEqualTo(update.data().chars().noneMatch(c -> c == '\n' || c == '\r'));
        assertThat(Frame.dataBytes(update.data()))
                .isEqualTo(Frame.builder().data(update.data()).buildOpen().size());
        List<Message> read = read(event, step);
        assertThat(read).hasSize(2);
        assertThat(read.get(0))
                .isEqualTo(new Message(
                        update.id().orElseThrow().value(),
                        update.type().map(EventType::name).orElse("message"),
                        update.data().replaceAll("\r\n?", "\n")));
        assertThat(read.get(1).data()).isEqualTo("last");
    }

    private static List<Message> read(Event event, int step) {
        ByteBuffer frame = event.frame().bytes();
        ByteBuffer last = Frame.builder().id("last").data("last").build().bytes();
        byte[] bytes = new byte[frame.remaining() + last.remaining()];
        ByteBuffer.wrap(bytes).put(frame).put(last);
        List<Message> read = new ArrayList<>();
        SseParser parser = new SseParser(read::add, () -> {});
        for (int at = 0; at < bytes.length; at += step) {
            parser.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
        }
        return read;
    }
}
