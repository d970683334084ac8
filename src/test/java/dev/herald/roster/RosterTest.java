package dev.herald.roster;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Frame;
import dev.herald.event.Topic;
import dev.herald.hub.DefaultConfig;
import dev.herald.hub.EndNotice;
import dev.herald.hub.Hub;
import dev.herald.hub.Outlet;
import dev.herald.hub.Subscriber.Progress;
import dev.herald.hub.Subscription;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.identity.TokenIdentity;
import dev.herald.log.EventLog;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.ExpensiveTemplates;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.StreamEnd;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class RosterTest {
    private static final StreamQuery ALL = new StreamQuery(Optional.empty(), Optional.empty(), Optional.empty());

    private final EventExecutor loop = new DefaultEventExecutor();
    private final EventLog log = new MemoryEventLog(
            Retention.of(1_000, 1 << 20), Long.MAX_VALUE, 1 << 20, 1_000, MemoryBudget.unlimited(), Clock.systemUTC());
    private final Hub hub = new Hub(log, DefaultConfig.sse());
    private final Roster roster = new Roster(true, Clock.systemUTC());

    @AfterEach
    void close() {
        hub.close();
        log.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Recording open(String subject, boolean signals, String... selectors) {
        Subscription subscription = new Subscription(
                List.of(selectors).stream().map(TopicSelector::parse).toList(), List.of(), Optional.empty(), signals);
        TokenIdentity identity = new TokenIdentity(
                Optional.of(TokenIdentity.sha256(subject)), Optional.of("jti-" + subject), Optional.of(subject));
        Recording outlet = new Recording();
        loop.submit(() -> {
                    RosterEntry entry = roster.enter(identity, "192.0.2.1");
                    entry.open(hub.open(
                            loop,
                            subscription,
                            done(hub.locate(subscription, loop, () -> false)),
                            outlet,
                            entry::close));
                })
                .syncUninterruptibly();
        return outlet;
    }

    private static StreamQuery subject(String subject) {
        return StreamQuery.of(new Target(Kind.SUBJECT, subject));
    }

    private List<String> subjects(StreamQuery query) {
        return roster.page(query, 0, 100).streams().stream()
                .map(entry -> entry.identity().subject().orElseThrow())
                .toList();
    }

    @Test
    void pagesShowEachStreamOnceThoughOthersOpenAndEnd() {
        List<Recording> outlets = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            outlets.add(open("s" + i, true, "news"));
        }
        List<String> seen = new ArrayList<>();
        OptionalLong next = OptionalLong.of(0);
        while (next.isPresent()) {
            Roster.Page page = roster.page(ALL, next.getAsLong(), 2);
            page.streams().forEach(entry -> seen.add(entry.identity().subject().orElseThrow()));
            next = page.next();
            if (seen.size() == 4) {
                roster.end(subject("s0"), 0, EndNotice.KICKED);
                eventually().until(() -> outlets.get(0).closed);
                open("late", true, "news");
            }
        }

        assertThat(seen).containsExactly("s0", "s1", "s2", "s3", "s4", "s5", "s6", "late");
    }

    @Test
    void conditionsSelectByTokenSubjectTopicAndSelector() {
        open("alice", true, "news", "sport");
        open("bob", true, "https://example.com/{id}");
        open("carol", true, "*");

        assertThat(subjects(subject("alice"))).containsExactly("alice");
        assertThat(subjects(StreamQuery.of(new Target(Kind.JTI, "jti-bob")))).containsExactly("bob");
        assertThat(subjects(StreamQuery.of(new Target(Kind.TOKEN, TokenIdentity.sha256("carol")))))
                .containsExactly("carol");
        assertThat(subjects(topic("sport"))).containsExactly("alice", "carol");
        assertThat(subjects(topic("https://example.com/1"))).containsExactly("bob", "carol");
        assertThat(subjects(selector("https://example.com/{id}"))).containsExactly("bob");
        assertThat(subjects(selector("*"))).containsExactly("carol");
        assertThat(subjects(new StreamQuery(
                        Optional.of(new Target(Kind.SUBJECT, "carol")),
                        Optional.of(new Topic("sport")),
                        Optional.of("news"))))
                .isEmpty();
    }

    private static StreamQuery topic(String name) {
        return new StreamQuery(Optional.empty(), Optional.of(new Topic(name)), Optional.empty());
    }

    private static StreamQuery selector(String text) {
        return new StreamQuery(Optional.empty(), Optional.empty(), Optional.of(text));
    }

    @Test
    void endedStreamsGetTheReasonIfTheyAcceptSignals() {
        Recording withSignals = open("alice", true, "news");
        Recording without = open("alice", false, "news");
        Recording other = open("bob", true, "news");

        assertThat(roster.end(subject("alice"), 0, EndNotice.KICKED))
                .isEqualTo(new Roster.Ended(2, OptionalLong.empty()));

        eventually().until(() -> withSignals.closed && without.closed);
        assertThat(withSignals.last()).contains("event: end\n", "\"reason\":\"kicked\"", "id: #", "retry: ");
        assertThat(without.last()).matches("retry: \\d+\n");
        assertThat(other.closed).isFalse();
        eventually().untilAsserted(() -> {
            assertThat(hub.total(StreamEnd.KICKED)).isEqualTo(2);
            assertThat(subjects(ALL)).containsExactly("bob");
        });
        assertThat(roster.end(new Target(Kind.SUBJECT, "alice"), EndNotice.KICKED))
                .isZero();
    }

    /** A client must not stop the administration by what it selects. */
    @Test
    void expensiveTemplatesEndACallEarlyAndTheNextOneContinues() {
        int streams = 6;
        String[] expensive = IntStream.range(0, 100)
                .mapToObj(i -> ExpensiveTemplates.template(i).text())
                .toArray(String[]::new);
        for (int i = 0; i < streams; i++) {
            open("s" + i, true, expensive);
        }
        StreamQuery query = topic(ExpensiveTemplates.topic(1).name());

        int calls = 0;
        OptionalLong after = OptionalLong.of(0);
        while (after.isPresent()) {
            Roster.Ended ended = roster.end(query, after.getAsLong(), EndNotice.KICKED);
            assertThat(ended.next()).isNotEqualTo(after);
            after = ended.next();
            calls++;
        }

        assertThat(calls).isBetween(2, streams + 1);
    }

    @Test
    void oneStreamIsEndedByItsId() {
        open("alice", true, "news");
        long id = roster.page(ALL, 0, 1).streams().get(0).id();

        assertThat(roster.end(id + 1, EndNotice.REVOKED)).isFalse();
        assertThat(roster.end(id, EndNotice.REVOKED)).isTrue();

        eventually().until(() -> roster.size() == 0);
        assertThat(hub.total(StreamEnd.REVOKED)).isEqualTo(1);
    }

    @Test
    void streamRejectedAtItsStartIsNeverShown() {
        hub.beginDrain();
        Recording rejected = open("alice", true, "news");

        assertThat(rejected.closed).isTrue();
        assertThat(roster.size()).isZero();
    }

    @Test
    void progressShowsStateAndPendingBytes() {
        Recording live = open("alice", true, "news");
        live.pending = 17;
        RosterEntry entry = roster.page(ALL, 0, 1).streams().get(0);

        eventually().untilAsserted(() -> assertThat(done(entry.subscriber().progress()))
                .contains(new Progress(true, 0, 17)));
        roster.end(entry.id(), EndNotice.KICKED);
        eventually().until(() -> live.closed);
        assertThat(done(entry.subscriber().progress())).isEmpty();
    }

    /** At a server with another start, ids are others. */
    @Test
    void idsOfLaterStartsAreHigher() {
        Roster later = new Roster(true, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(2)));

        assertThat(later.enter(TokenIdentity.ANONYMOUS, "").id())
                .isGreaterThan(roster.enter(TokenIdentity.ANONYMOUS, "").id() + 1_000_000)
                .isLessThan(1L << 53);
    }

    /** Outlet that accepts everything. */
    private static final class Recording implements Outlet {
        private final List<Frame> frames = new ArrayList<>();
        private volatile boolean closed;
        private volatile long pending;

        @Override
        public synchronized void write(List<Frame> written, boolean shared) {
            frames.addAll(written);
        }

        synchronized String last() {
            return frames.get(frames.size() - 1).toString();
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public long stalledNanos(long now) {
            return 0;
        }

        @Override
        public long pendingBytes() {
            return pending;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void cut() {
            closed = true;
        }
    }
}
