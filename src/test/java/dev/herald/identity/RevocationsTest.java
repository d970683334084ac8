package dev.herald.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.herald.MovingClock;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RevocationsTest {
    private static final long PLENTY = 1 << 20;

    private final MovingClock clock = new MovingClock();
    private final Revocations revocations = new Revocations(PLENTY, clock);

    private Revocation of(Kind kind, String value, Duration time) {
        Instant now = clock.instant();
        return new Revocation(new Target(kind, value), now, now.plus(time));
    }

    private static TokenIdentity identity(String fingerprint, String jti, String subject) {
        return new TokenIdentity(
                Optional.ofNullable(fingerprint), Optional.ofNullable(jti), Optional.ofNullable(subject));
    }

    @Test
    void eachKindFindsItsOwnTokensOnly() {
        revocations.add(of(Kind.TOKEN, "f1", Duration.ofHours(1)));
        revocations.add(of(Kind.JTI, "j1", Duration.ofHours(1)));
        revocations.add(of(Kind.SUBJECT, "s1", Duration.ofHours(1)));

        assertThat(revocations.find(identity("f1", "x", "x"))).isPresent();
        assertThat(revocations.find(identity("x", "j1", null))).isPresent();
        assertThat(revocations.find(identity(null, null, "s1"))).isPresent();
        assertThat(revocations.find(identity("s1", "f1", "j1"))).isEmpty();
        assertThat(revocations.find(TokenIdentity.ANONYMOUS)).isEmpty();
    }

    @Test
    void revocationEndsAtItsEndAndIsRemoved() {
        revocations.add(of(Kind.SUBJECT, "alice", Duration.ofMinutes(1)));

        clock.advance(Duration.ofSeconds(59));
        assertThat(revocations.find(identity(null, null, "alice"))).isPresent();

        clock.advance(Duration.ofSeconds(1));
        assertThat(revocations.find(identity(null, null, "alice"))).isEmpty();
        assertThat(revocations.list()).isEmpty();
        revocations.add(of(Kind.SUBJECT, "bob", Duration.ofMinutes(1)));
        assertThat(revocations.size()).isEqualTo(1);
    }

    @Test
    void revocationBeyondTheLimitOfBytesIsRejectedUnlessItReplacesOne() {
        Revocations few = new Revocations(600, clock);

        assertThat(few.add(of(Kind.SUBJECT, "a", Duration.ofHours(1)))).isTrue();
        assertThat(few.add(of(Kind.SUBJECT, "b", Duration.ofHours(1)))).isTrue();
        assertThat(few.add(of(Kind.SUBJECT, "c", Duration.ofHours(1)))).isFalse();
        assertThat(few.add(of(Kind.SUBJECT, "b", Duration.ofHours(9)))).isTrue();

        assertThat(few.size()).isEqualTo(2);
        assertThat(few.heapBytes()).isLessThanOrEqualTo(600);
        few.remove(new Target(Kind.SUBJECT, "a"));
        few.remove(new Target(Kind.SUBJECT, "b"));
        assertThat(few.heapBytes()).isZero();
    }

    @Test
    void revocationsOfTheLogAreInForceWhateverTheLimit() {
        Revocations none = new Revocations(0, clock);

        none.restore(List.of(of(Kind.SUBJECT, "alice", Duration.ofHours(1))));

        assertThat(none.find(identity(null, null, "alice"))).isPresent();
    }

    @Test
    void fingerprintsAreNeededOnlyWhileTokensAreRevokedByThem() {
        revocations.add(of(Kind.SUBJECT, "alice", Duration.ofHours(1)));
        assertThat(revocations.includeFingerprints()).isFalse();

        revocations.add(of(Kind.TOKEN, "f", Duration.ofHours(1)));
        assertThat(revocations.includeFingerprints()).isTrue();

        revocations.remove(new Target(Kind.TOKEN, "f"));
        assertThat(revocations.includeFingerprints()).isFalse();
    }

    @Test
    void valueOfUnlimitedLengthIsNeverATarget() {
        String longest = "ä".repeat(512);

        revocations.add(of(Kind.SUBJECT, longest, Duration.ofHours(1)));

        assertThat(revocations.find(identity(null, null, longest))).isPresent();
        assertThat(revocations.find(identity(null, null, longest + "x"))).isEmpty();
        assertThatThrownBy(() -> new Target(Kind.SUBJECT, longest + "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Target(Kind.SUBJECT, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fingerprintCoversWhatIsSigned() {
        String fingerprint = TokenIdentity.fingerprint("head.claims.signature");

        assertThat(fingerprint)
                .isEqualTo(TokenIdentity.fingerprint("head.claims.another"))
                .isEqualTo(TokenIdentity.sha256("head.claims"))
                .hasSize(TokenIdentity.FINGERPRINT_LENGTH)
                .isNotEqualTo(TokenIdentity.fingerprint("head.claim.signature"));
    }
}
