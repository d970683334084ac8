package dev.herald.web.admin;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;

import dev.herald.auth.Authenticators;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.identity.Revocations;
import dev.herald.log.EventLog;
import dev.herald.log.LogStorageFullException;
import dev.herald.roster.Roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RevokingTest {
    private static final Instant NOW = Instant.now();
    private static final Target ALICE = new Target(Kind.SUBJECT, "alice");

    private final Revocations revocations = new Revocations(1 << 20, Clock.systemUTC());
    private CompletionStage<Void> kept = CompletableFuture.completedStage(null);
    private final Revoking revoking = new Revoking(
            log(), revocations, new Roster(true, Clock.systemUTC()), Authenticators.config("herald.open=true"));

    private Runnable whileTheLogWorks = () -> {};

    private EventLog log() {
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    whileTheLogWorks.run();
                    return kept;
                });
    }

    private static Revocation untilHour(int hour) {
        return new Revocation(ALICE, NOW, NOW.plusSeconds(3_600L * hour));
    }

    private void failToKeep() {
        kept = CompletableFuture.failedStage(new LogStorageFullException("full", null));
    }

    @Test
    void revocationThatTheLogCannotKeepIsInForce() {
        failToKeep();

        assertThatThrownBy(() -> revoking.revoke(untilHour(1)))
                .isInstanceOf(Revoking.NotKeptException.class)
                .hasMessageContaining("is in force on this node")
                .hasMessageContaining("Repeat it");

        assertThat(revocations.list()).containsExactly(untilHour(1));
    }

    @Test
    void ofTwoRevocationsTheLaterEndIsInForceWhenTheSecondCannotBeKept() {
        revoking.revoke(untilHour(2));
        failToKeep();

        assertThatThrownBy(() -> revoking.revoke(untilHour(1))).isInstanceOf(Revoking.NotKeptException.class);
        assertThat(revocations.list()).containsExactly(untilHour(2));

        assertThatThrownBy(() -> revoking.revoke(untilHour(3))).isInstanceOf(Revoking.NotKeptException.class);
        assertThat(revocations.list()).containsExactly(untilHour(3));
    }

    @Test
    void revocationCanBeRepeatedWhenTheLogIsAvailableAgain() {
        failToKeep();
        assertThatThrownBy(() -> revoking.revoke(untilHour(1))).isInstanceOf(Revoking.NotKeptException.class);
        kept = CompletableFuture.completedStage(null);

        assertThat(revoking.revoke(untilHour(1))).isZero();

        assertThat(revocations.list()).containsExactly(untilHour(1));
        assertThat(revoking.readmit(ALICE)).isTrue();
    }

    @Test
    void revocationOfAnotherNodeThatFollowsTheEndOfOneStaysInForce() {
        revoking.revoke(untilHour(1));
        whileTheLogWorks = () -> revocations.restore(List.of(untilHour(2)));

        assertThat(revoking.readmit(ALICE)).isTrue();

        assertThat(revocations.list()).containsExactly(untilHour(2));
    }

    @Test
    void revocationWhoseEndTheLogCannotKeepStaysInForce() {
        revoking.revoke(untilHour(1));
        failToKeep();

        assertThatThrownBy(() -> revoking.readmit(ALICE)).hasCauseInstanceOf(LogStorageFullException.class);

        assertThat(revocations.list()).containsExactly(untilHour(1));
    }
}
