package dev.herald.attack;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamException;
import com.launchdarkly.logging.LDLogger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a third-party parser reads data, id and type of each event as published, and nothing else. All line ends
 * become LF (HTML §9.2.6).
 */
class ThirdPartyParserTest {
    /** Texts that have broken parsers of lines, text or numbers before. */
    private static final String[] TROUBLE = {
        "\n",
        "\r",
        "\r\n",
        "\n\r",
        "\r\r\n",
        "\n\nid: forged\ndata: forged\n\n",
        "\revent: forged\r",
        "data: ",
        ":",
        " ",
        "{}",
        "\t",
        "\0",
        "\u000B",
        "\f",
        "\u001A",
        "\u0085",
        "\u2028",
        "\u2029",
        "\uFEFF",
        "\uFFFD",
        "\uFFFF",
        "😀",
        "e\u0301"
    };

    private static final Update LAST = update("", new EventId("last"), Optional.empty(), Optional.empty());

    @Property(edgeCases = EdgeCasesMode.NONE)
    void foreignParserReadsEventsAsPublished(@ForAll("updates") List<Update> updates) throws StreamException {
        List<MessageEvent> read = read(updates);

        assertThat(read).hasSameSizeAs(updates);
        for (int i = 0; i < read.size(); i++) {
            Update update = updates.get(i);
            assertThat(read.get(i).getData()).isEqualTo(update.data().replaceAll("\r\n?", "\n"));
            assertThat(read.get(i).getLastEventId())
                    .isEqualTo(update.id().orElseThrow().value());
            assertThat(read.get(i).getEventName())
                    .isEqualTo(update.type().map(EventType::name).orElse("message"));
        }
    }

    @Provide
    Arbitrary<List<Update>> updates() {
        return Combinators.combine(
                        text(12),
                        accepted(ThirdPartyParserTest::publishableId),
                        accepted(EventType::new).optional(),
                        Arbitraries.longs().greaterOrEqual(0).optional())
                .as(ThirdPartyParserTest::update)
                .list()
                .ofMaxSize(5);
    }

    /** Ids with outer white space may be in a log, but cannot be published. */
    private static EventId publishableId(String text) {
        return update("", new EventId(text), Optional.empty(), Optional.empty())
                .id()
                .orElseThrow();
    }

    private static Update update(String data, EventId id, Optional<EventType> type, Optional<Long> retry) {
        return new Update(
                List.of(new Topic("t")),
                data,
                false,
                Optional.of(id),
                type,
                retry.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    /** Text of up to this many parts, many of them difficult. */
    private static Arbitrary<String> text(int parts) {
        return Arbitraries.frequencyOf(
                        Tuple.of(
                                1,
                                Arbitraries.integers()
                                        .between(0, Character.MAX_CODE_POINT)
                                        .filter(point -> Character.getType(point) != Character.SURROGATE)
                                        .map(Character::toString)),
                        Tuple.of(1, Arbitraries.strings().ascii().ofMaxLength(5)),
                        Tuple.of(2, Arbitraries.of(TROUBLE)))
                .list()
                .ofMaxSize(parts)
                .map(some -> String.join("", some));
    }

    /** Values of valid texts only: the validation itself is attacked elsewhere. */
    private static <T> Arbitrary<T> accepted(Function<String, T> make) {
        return text(4).map(text -> {
                    try {
                        return Optional.of(make.apply(text));
                    } catch (InvalidFieldException refused) {
                        return Optional.<T>empty();
                    }
                })
                .filter(Optional::isPresent)
                .map(Optional::orElseThrow);
    }

    private static List<MessageEvent> read(List<Update> updates) throws StreamException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (Update update : updates) {
            append(stream, update);
        }
        append(stream, LAST);
        List<MessageEvent> read = new ArrayList<>();
        try (EventSource source = new EventSource.Builder(new Recorded(stream.toByteArray())).build()) {
            for (int i = 0; i < updates.size(); i++) {
                read.add(source.readMessage());
            }
            assertThat(source.readMessage().getLastEventId())
                    .as("following event")
                    .isEqualTo("last");
        }
        return read;
    }

    private static void append(ByteArrayOutputStream stream, Update update) {
        ByteBuffer bytes = Event.of(1, update.id().orElseThrow(), Instant.EPOCH, false, update)
                .frame()
                .bytes();
        while (bytes.hasRemaining()) {
            stream.write(bytes.get());
        }
    }

    /** Response with a recorded stream, readable once. */
    private static final class Recorded extends ConnectStrategy {
        private static final URI NOWHERE = URI.create("http://localhost/");
        private final InputStream stream;

        Recorded(byte[] stream) {
            this.stream = new ByteArrayInputStream(stream);
        }

        @Override
        public Client createClient(LDLogger logger) {
            return new Client() {
                @Override
                public Result connect(String lastEventId) {
                    Closeable nothing = () -> {};
                    return new Result(stream, NOWHERE, nothing);
                }

                @Override
                public boolean awaitClosed(long millis) {
                    return true;
                }

                @Override
                public URI getOrigin() {
                    return NOWHERE;
                }

                @Override
                public void close() {
                    // Nothing open.
                }
            };
        }
    }
}
