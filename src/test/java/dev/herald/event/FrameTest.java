package dev.herald.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FrameTest {

    @Test
    void e2WritesOneDataFieldForEachLine() {
        Frame frame =
                Frame.builder().id("1").data("several\nlines\rwith\r\neol").build();

        assertThat(frame).hasToString("id: 1\ndata: several\ndata: lines\ndata: with\ndata: eol\n\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|data: /",
                "a|data: a/",
                "'\\n'|data: /data: /",
                "'a\\n'|data: a/data: /",
                "'\\r\\r'|data: /data: /data: /",
                "'\\n\\r'|data: /data: /data: /",
                "'\\r\\n'|data: /data: /",
                "': x'|data: : x/",
            })
    void e2SplitsAtEachKindOfLineEnd(String data, String lines) {
        String unescaped = data.replace("\\n", "\n").replace("\\r", "\r");

        assertThat(Frame.builder().data(unescaped).build()).hasToString(lines.replace('/', '\n') + "\n");
    }

    @Test
    void e2WritesTheEventsFieldsInUtf8() {
        Update update = new Update(
                List.of(new Topic("t")),
                "žluťoučký 🐎",
                false,
                Optional.empty(),
                Optional.of(new EventType("čas")),
                OptionalLong.of(1_500));

        Event event = Event.of(1, new EventId("ä"), Instant.EPOCH, false, update);

        assertThat(event.frame()).hasToString("id: ä\nevent: čas\nretry: 1500\ndata: žluťoučký 🐎\n\n");
    }

    @Test
    void sharesItsBytesButNotItsPosition() {
        Frame frame = Frame.builder().comment().build();

        frame.bytes().get();

        assertThat(frame.bytes().remaining()).isEqualTo(frame.size()).isEqualTo(3);
        assertThat(frame.bytes().isReadOnly()).isTrue();
    }

    @Test
    void e4CommentHasNoBlankLineAfterIt() {
        assertThat(Frame.builder().comment().buildOpen()).hasToString(":\n");
    }

    @Test
    void rejectsANegativeReconnectionTime() {
        assertThatThrownBy(() -> new Update(
                        List.of(new Topic("t")), "", false, Optional.empty(), Optional.empty(), OptionalLong.of(-1)))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("retry");
    }
}
