package dev.herald;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.identity.Revocations;
import dev.herald.roster.Roster;

import static org.assertj.core.api.Assertions.assertThat;

class RevocationsOfAllNodesTest {
    private final MovingClock clock = new MovingClock();
    private final Revocations revocations = new Revocations(1 << 20, clock);
    private final Roster roster = new Roster(true, clock);
    private final RevocationsOfAllNodes all = new RevocationsOfAllNodes(revocations, () -> roster);

    private Revocation revocation(String subject) {
        Instant now = clock.instant();
        return new Revocation(new Target(Kind.SUBJECT, subject), now, now.plus(Duration.ofHours(1)));
    }

    @Test
    void revocationsThatHaveEndedTakeNoMemory() {
        all.kept(revocation("adam"));
        clock.advance(Duration.ofHours(2));
        Revocation second = revocation("eve");

        all.kept(second);

        assertThat(revocations.size()).isEqualTo(1);
        assertThat(revocations.list()).containsExactly(second);
    }
}
