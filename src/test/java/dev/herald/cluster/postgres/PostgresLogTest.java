package dev.herald.cluster.postgres;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.cluster.Control;
import dev.herald.cluster.Outcome;
import dev.herald.cluster.SharedBatch;
import dev.herald.cluster.SharedEvent;
import dev.herald.cluster.SharedLog;
import dev.herald.cluster.SharedLogContract;
import dev.herald.cluster.SharedLogException;
import dev.herald.cluster.SharedSession;
import dev.herald.cluster.SharedSession.Extent;
import dev.herald.cluster.SharedSession.Reply;
import dev.herald.cluster.postgres.Databases.Database;
import dev.herald.event.Update;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.CapturedErrors;
import dev.herald.log.Purge;
import dev.herald.log.Retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@ExtendWith(Databases.class)
class PostgresLogTest extends SharedLogContract {
    private static final Retention PLENTY = Retention.of(1_000_000, 1L << 30);

    @RegisterExtension
    final CapturedErrors errors = new CapturedErrors("dev.herald.cluster");

    private Database database;
    private PostgresLog log;

    @BeforeEach
    void open(Database empty) {
        errors.expect("The database has no synchronous standby");
        database = empty;
        log = empty.log();
    }

    @Override
    protected SharedLog log() {
        return log;
    }

    private static void maintain(SharedSession session) {
        maintain(session, PLENTY);
    }

    private static void maintain(SharedSession session, Retention limits) {
        Patience.eventually().until(() -> !session.maintain(limits).more());
    }

    @Test
    void purgeErasesTheEventsOfTheDatabase() {
        SharedSession session = session();
        session.append(batch("a", 3), PLENTY.keys());

        session.append(order(new Control.Purging(ofId("id-a-1"))), PLENTY.keys());
        session.append(batch("a", 3), PLENTY.keys());
        maintain(session);

        assertThat(session.event(2).orElseThrow().kind()).isEqualTo(SharedEvent.Kind.PURGED);
        assertThat(session.event(2).orElseThrow().data()).as("digest of the id").hasSize(20);
        assertThat(database.number("SELECT count(*) FROM herald.event WHERE id = 'id-a-1'"))
                .as("events after the purge stay")
                .isEqualTo(1);

        session.append(order(new Control.Purging(new Purge.OfTopic(TOPIC))), PLENTY.keys());
        maintain(session);

        assertThat(database.number("SELECT count(*) FROM herald.event WHERE kind = 0"))
                .isZero();
    }

    @Test
    void endOfTheConnectionIsReportedAsLost() {
        SharedSession session = session();
        session.append(batch("a", 1), PLENTY.keys());

        database.endConnections();

        SharedLogException failure =
                catchThrowableOfType(SharedLogException.class, () -> session.append(batch("b", 1), PLENTY.keys()));
        assertThat(failure.lost()).isTrue();
        assertThat(session().extent().head()).isEqualTo(1);
    }

    @Test
    void purgeThatIsSentAgainDeletesNothingThatCameAfterIt() {
        SharedSession session = session();
        SharedBatch purge = order(new Control.Purging(new Purge.OfTopic(TOPIC)));
        session.append(purge, PLENTY.keys());
        session.append(batch("a", 1), PLENTY.keys());

        session.append(purge, PLENTY.keys());
        maintain(session);

        assertThat(session.event(2).orElseThrow().kind()).isEqualTo(SharedEvent.Kind.EVENT);
    }

    @Test
    void revocationThatIsSentAgainDoesNotUndoALaterOrder() {
        SharedSession session = session();
        Revocation revocation = revocation("eve");
        SharedBatch revoke = order(new Control.Revoking(revocation));
        SharedBatch readmit = order(new Control.Readmitting(revocation.target()));
        session.append(revoke, PLENTY.keys());
        session.append(readmit, PLENTY.keys());

        session.append(revoke, PLENTY.keys());

        assertThat(session.revocations()).isEmpty();
        session.append(order(new Control.Revoking(revocation)), PLENTY.keys());

        session.append(readmit, PLENTY.keys());

        assertThat(session.revocations()).containsExactly(revocation);
    }

    private static Revocation revocation(String subject) {
        return new Revocation(
                new Target(Revocation.Kind.SUBJECT, subject),
                Instant.parse("2026-03-01T12:00:00Z"),
                Instant.parse("2996-03-01T12:00:00Z"));
    }

    @Test
    void targetWithANulIsRevokedAndReadmitted() {
        SharedSession session = session();
        Revocation revocation = revocation("eve\0\\0");

        session.append(order(new Control.Revoking(revocation)), PLENTY.keys());

        assertThat(session.revocations()).containsExactly(revocation);

        session.append(order(new Control.Readmitting(revocation.target())), PLENTY.keys());

        assertThat(session.revocations()).isEmpty();
    }

    @Test
    void keyThatExpiredWhileTheCommitWasUnknownDoesNotChangeTheOutcome() {
        SharedSession session = session();
        Retention.Keys two = new Retention.Keys(Duration.ofMinutes(10), 2);
        SharedBatch batch = new SharedBatch(
                UUID.randomUUID(),
                Stream.of("a", "b", "c")
                        .map(name -> (SharedBatch.Entry) updates(name, 1, Optional.of(key(name, "x"))))
                        .toList());
        List<Outcome> first = session.append(batch, two).outcomes();
        database.execute("UPDATE herald.key SET accepted = accepted - interval '1 day'");

        List<Outcome> again = session.append(batch, two).outcomes();

        assertThat(first.subList(0, 2)).containsOnly(Outcome.APPENDED);
        assertThat(again.subList(0, 2)).containsOnly(Outcome.APPENDED);
        assertThat(again).element(2).isInstanceOf(Outcome.KeysFull.class);
        assertThat(data(session)).containsExactly("a-0", "b-0");
    }

    @Test
    void fullKeyTableIsSweptOnceForABatch() {
        SharedSession session = session();
        Retention.Keys one = new Retention.Keys(Duration.ofMinutes(10), 1);
        session.append(new SharedBatch(UUID.randomUUID(), List.of(updates("a", 1, Optional.of(key("a", "x"))))), one);
        database.execute(
                "CREATE TABLE public.sweep (n int)",
                "CREATE FUNCTION public.count_sweep() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO public.sweep VALUES (1); RETURN NULL; END'",
                "CREATE TRIGGER sweeps AFTER DELETE ON herald.key EXECUTE FUNCTION public.count_sweep()");

        Reply reply = session.append(
                new SharedBatch(
                        UUID.randomUUID(),
                        IntStream.range(0, 50)
                                .mapToObj(i -> (SharedBatch.Entry) updates("b" + i, 1, Optional.of(key("b" + i, "x"))))
                                .toList()),
                one);

        assertThat(reply.outcomes()).hasSize(50).hasOnlyElementsOfType(Outcome.KeysFull.class);
        assertThat(database.number("SELECT count(*) FROM public.sweep")).isEqualTo(1);

        database.execute("UPDATE herald.key SET accepted = accepted - interval '1 day'");
        SharedBatch.Updates later = updates("c", 1, Optional.of(key("c", "x")));

        reply = session.append(new SharedBatch(UUID.randomUUID(), List.of(later)), one);

        assertThat(reply.outcomes()).containsExactly(Outcome.APPENDED);
        assertThat(reply.keys()).isEqualTo(1);
    }

    @Test
    void transientEventsAndOrdersAreBoundedByTheLimits() {
        SharedSession session = session();
        session.append(batch("a", 1), PLENTY.keys());
        for (int i = 0; i < 20; i++) {
            session.append(
                    new SharedBatch(
                            UUID.randomUUID(),
                            List.of(new SharedBatch.Updates(
                                    List.of(Update.of(TOPIC, "passing")),
                                    List.of(Optional.empty()),
                                    true,
                                    Optional.empty()))),
                    PLENTY.keys());
            session.append(order(new Control.Readmitting(revocation("eve").target())), PLENTY.keys());
        }

        maintain(session, Retention.of(10, Long.MAX_VALUE));

        assertThat(session.extent()).isEqualTo(new Extent(31, 41));

        maintain(session, Retention.of(Long.MAX_VALUE, 1));

        assertThat(session.extent()).isEqualTo(new Extent(40, 41));
        assertThat(database.number("SELECT count(*) FROM herald.event")).isEqualTo(1);
    }

    @Test
    void ageLeavesTheNewestEvent() {
        SharedSession session = session();
        session.append(batch("a", 1), PLENTY.keys());
        session.append(batch("b", 1), PLENTY.keys());
        session.append(order(new Control.Readmitting(revocation("eve").target())), PLENTY.keys());
        database.execute("UPDATE herald.batch SET accepted = accepted - interval '1 day'");

        maintain(session, Retention.of(Optional.empty(), Optional.empty(), Optional.of(Duration.ofHours(1))));

        assertThat(session.extent()).isEqualTo(new Extent(1, 3));
    }

    @Test
    void stepOfRetentionIsBoundedByEntries() {
        SharedSession session = session();
        for (int i = 0; i < 4; i++) {
            session.append(batch("b" + i, 3_000), PLENTY.keys());
        }
        Retention one = Retention.of(1, Long.MAX_VALUE);

        assertThat(session.maintain(one).more()).isTrue();
        assertThat(session.extent().horizon()).isEqualTo(3_000);

        maintain(session, one);

        assertThat(session.extent()).isEqualTo(new Extent(9_000, 12_000));
    }
}
