package dev.herald.cluster.postgres;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.cluster.Control;
import dev.herald.cluster.SharedEvent;
import dev.herald.cluster.SharedLog;
import dev.herald.cluster.SharedLogContract;
import dev.herald.cluster.SharedLogException;
import dev.herald.cluster.SharedSession;
import dev.herald.cluster.postgres.Databases.Database;
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

    private void maintain(SharedSession session) {
        Patience.eventually().until(() -> !session.maintain(PLENTY).more());
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
}
