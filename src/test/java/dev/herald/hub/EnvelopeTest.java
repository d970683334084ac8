package dev.herald.hub;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.EventJson;
import dev.herald.event.EventType;
import dev.herald.event.Frame;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.frames.TurnFrames;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q17 in the hub: envelopes of live events, from memory and from the file are the same bytes. */
class EnvelopeTest {
    private static final Retention PLENTY = Retention.of(1_000_000, 1L << 30);
    private static final int SMALL_RECENT_BYTES = 2_000;

    @TempDir
    Path directory;

    private final EventExecutor loop = new DefaultEventExecutor();
    private EventLog log;
    private Hub hub;

    private void start(int recentBytes) {
        log = SqliteEventLog.open(
                directory, Durability.COMMIT, PLENTY, recentBytes, 10_000, MemoryBudget.unlimited(), Clock.systemUTC());
        hub = new Hub(log, TestConfig.QUIET);
    }

    @AfterEach
    void close() {
        if (hub != null) {
            hub.close();
            log.close();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private RecordingOutlet open(Optional<String> lastEventId, boolean envelope) {
        List<TopicSelector> all = List.of(TopicSelector.parse("*"));
        return new RecordingOutlet(loop)
                .open(
                        hub,
                        new Subscription(
                                all,
                                all,
                                lastEventId,
                                Optional.empty(),
                                true,
                                envelope,
                                Optional.empty(),
                                Optional.empty(),
                                0));
    }

    private Event publish(String data, boolean isPrivate, String... topics) {
        return done(hub.publish(new Update(
                Stream.of(topics).map(Topic::new).toList(),
                data,
                isPrivate,
                Optional.empty(),
                data.isEmpty() ? Optional.empty() : Optional.of(new EventType("type")),
                data.isEmpty() ? OptionalLong.empty() : OptionalLong.of(5))));
    }

    private List<Event> publishAllKinds() {
        List<Event> events = new ArrayList<>();
        for (String data : List.of("{\"a\":1}", "[1,\r\n2]", "hello\r\nthere", "\u0000\u2028", "", "ä🐎")) {
            events.add(publish(data, false, "t"));
            events.add(publish(data, true, "t", "alternate"));
        }
        return events;
    }

    /** Frames of events: the first block of the hub is none. */
    private static List<Frame> received(RecordingOutlet outlet, int count) {
        eventually().untilAsserted(() -> assertThat(outlet.frames()).hasSize(count + 1));
        assertThat(outlet.faults()).isEmpty();
        return outlet.frames().subList(1, count + 1);
    }

    private static List<Frame> envelopes(List<Event> events) {
        return events.stream().map(event -> EventJson.of(event).frame()).toList();
    }

    @Test
    void q17LiveEventsAreJsonObjectsWithAllOfTheirFields() {
        start(1 << 20);
        RecordingOutlet outlet = open(Optional.empty(), true);

        Event event = publish("{\"a\":1}", true, "t", "alternate");

        assertThat(received(outlet, 1).get(0))
                .hasToString("id: " + event.id().value() + "\nevent: type\nretry: 5\ndata: {\"id\":\""
                        + event.id().value()
                        + "\",\"topics\":[\"t\",\"alternate\"],\"type\":\"type\",\"private\":true,\"time\":\""
                        + EventJson.of(event).frame().toString().replaceFirst("(?s).*\"time\":\"([^\"]*)\".*", "$1")
                        + "\",\"data\":{\"a\":1}}\n\n");
    }

    @Test
    void q17ReplayedEventsAreTheSameBytesAsLiveOnes() {
        start(1 << 20);
        RecordingOutlet live = open(Optional.empty(), true);
        List<Event> events = publishAllKinds();

        RecordingOutlet fromMemory = open(Optional.of(EventId.EARLIEST), true);

        assertThat(received(live, events.size())).isEqualTo(envelopes(events));
        assertThat(received(fromMemory, events.size())).isEqualTo(envelopes(events));
    }

    @Test
    void q17EventsFromTheFileAreTheSameBytesAsLiveOnes() {
        start(SMALL_RECENT_BYTES);
        RecordingOutlet live = open(Optional.empty(), true);
        List<Event> events = publishAllKinds();
        List<Frame> delivered = List.copyOf(received(live, events.size()));
        hub.close();
        log.close();
        start(SMALL_RECENT_BYTES);

        RecordingOutlet replayed = open(Optional.of(EventId.EARLIEST), true);

        assertThat(received(replayed, events.size())).isEqualTo(delivered);
    }

    @Test
    void q17StreamsWithAndWithoutEnvelopeShareTheirFramesAmongThemselves() {
        start(1 << 20);
        List<RecordingOutlet> plain = IntStream.range(0, 3)
                .mapToObj(i -> open(Optional.empty(), false))
                .toList();
        List<RecordingOutlet> enveloped = IntStream.range(0, 3)
                .mapToObj(i -> open(Optional.empty(), true))
                .toList();

        Event event = publish("[1,2]", false, "t");

        Frame envelope = received(enveloped.get(0), 1).get(0);
        assertThat(enveloped)
                .allSatisfy(outlet -> assertThat(received(outlet, 1).get(0)).isSameAs(envelope));
        assertThat(plain)
                .allSatisfy(outlet -> assertThat(received(outlet, 1).get(0)).isEqualTo(event.frame()));
    }

    @Test
    void q17EventsWithManyTopicsAreWrittenInBoundedSteps() {
        start(64 << 20);
        String[] topics = IntStream.range(0, 20)
                .mapToObj(i -> i + "/" + "x".repeat(4_000))
                .toArray(String[]::new);
        RecordingOutlet live = open(Optional.empty(), true);
        List<Event> events = IntStream.range(0, 30)
                .mapToObj(i -> publish("" + i, false, topics))
                .toList();

        RecordingOutlet replayed = open(Optional.of(EventId.EARLIEST), true);

        List<Frame> expected = envelopes(events);
        long envelope = expected.get(0).size();
        assertThat(received(live, events.size())).isEqualTo(expected);
        assertThat(received(replayed, events.size())).isEqualTo(expected);
        assertThat(envelope).isGreaterThan(80_000);
        assertThat(Math.max(live.largestWrite(), replayed.largestWrite()))
                .isBetween(envelope, TurnFrames.MAX_ENVELOPE_BYTES + envelope + 100);
    }
}
