package dev.herald.auth;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.MovingClock;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.identity.Revocations;
import dev.herald.identity.TokenIdentity;
import dev.herald.stats.TokenRejection;

import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of revoked tokens, and of those of administrators. */
class RevokedTokenTest {
    private static final String SECRET = TokenMint.WELL_KNOWN_SECRET;
    private static final BigInteger ORDER_OF_P256 =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    @TempDir
    Path folder;

    private final MovingClock clock = new MovingClock();
    private final Revocations revocations = new Revocations(1 << 20, clock);
    private final Authenticator authenticator = authenticator(
            clock,
            revocations,
            "herald.auth.publisher.key=" + SECRET,
            "herald.auth.subscriber.key=" + SECRET,
            "herald.auth.admin.key=" + SECRET);

    private void revoke(Kind kind, String value) {
        revocations.add(new Revocation(
                new Target(kind, value), clock.instant(), clock.instant().plus(Duration.ofHours(1))));
    }

    private static Optional<String> token(String claims) {
        return Optional.of(TokenMint.wellKnown().token(claims));
    }

    @Test
    void revokedSubjectIsRejectedByEveryGateAndReadmittedAtTheEnd() {
        Optional<String> token = token("{\"sub\":\"alice\"}");
        revoke(Kind.SUBJECT, "alice");

        assertThat(rejection(authenticator.publisher(token)))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageStartingWith("All tokens of this subject were revoked at 2026-03-01T12:00:00Z, until ");
        assertThat(rejection(authenticator.subscriber(token))).isInstanceOf(InvalidTokenException.class);
        assertThat(rejection(authenticator.administrator(token))).isInstanceOf(InvalidTokenException.class);
        assertThat(authenticator.subscriberStats().rejected(TokenRejection.REVOKED))
                .isEqualTo(1);
        assertThat(granted(authenticator.publisher(token("{\"sub\":\"bob\"}"))).subject())
                .contains("bob");

        clock.advance(Duration.ofHours(1));
        assertThat(granted(authenticator.publisher(token)).subject()).contains("alice");
    }

    @Test
    void revokedJtiAndFingerprintAreRejected() {
        Optional<String> one = token("{\"sub\":\"alice\",\"jti\":\"one\"}");
        Optional<String> two = token("{\"sub\":\"alice\",\"jti\":\"two\"}");
        Optional<String> three = token("{\"sub\":\"alice\",\"jti\":\"three\"}");
        revoke(Kind.JTI, "one");
        revoke(Kind.TOKEN, TokenIdentity.fingerprint(two.get()));

        assertThat(rejection(authenticator.publisher(one))).hasMessageStartingWith("The token was revoked at ");
        assertThat(rejection(authenticator.publisher(two))).hasMessageStartingWith("The token was revoked at ");
        assertThat(granted(authenticator.publisher(three)).subject()).contains("alice");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void publisherRevokedDuringItsRequestIsRejected(Kind kind) {
        Optional<String> token = token("{\"sub\":\"alice\",\"jti\":\"one\"}");
        Grants grants = granted(authenticator.publisher(token));
        authenticator.requireUnrevokedPublisher(token, grants);

        revoke(kind, kind.of(grants.identity(token)).orElseThrow());

        assertThatThrownBy(() -> authenticator.requireUnrevokedPublisher(token, grants))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(" revoked at ");
        assertThat(authenticator.publisherStats().rejected(TokenRejection.REVOKED))
                .isEqualTo(1);
    }

    /** Of an ECDSA signature everybody can make another valid one: (r, s) and (r, -s). */
    @Test
    void cachedTokenIsRejectedAlsoWithItsOtherSignature() throws IOException {
        Path key = folder.resolve("key.pem");
        Files.writeString(key, KeyPairs.pem(KeyPairs.of("ES256").getPublic()));
        Authenticator ecdsa = authenticator(clock, revocations, "herald.auth.subscriber.key-file=" + key);
        String token = TokenMint.of("ES256", KeyPairs.of("ES256").getPrivate()).token("{\"sub\":\"alice\"}");
        String twin = withOtherSignature(token);
        assertThat(granted(ecdsa.subscriber(Optional.of(token))).subject()).contains("alice");
        assertThat(granted(ecdsa.subscriber(Optional.of(twin))).subject())
                .as("valid, too")
                .contains("alice");

        revoke(Kind.TOKEN, TokenIdentity.fingerprint(token));

        assertThat(rejection(ecdsa.subscriber(Optional.of(token)))).isInstanceOf(InvalidTokenException.class);
        assertThat(rejection(ecdsa.subscriber(Optional.of(twin)))).isInstanceOf(InvalidTokenException.class);
        ecdsa.close();
    }

    private static String withOtherSignature(String token) {
        int dot = token.lastIndexOf('.');
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        byte[] other = ORDER_OF_P256.subtract(s).toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, other.length);
        System.arraycopy(other, other.length - length, fixed, 32 - length, length);
        System.arraycopy(fixed, 0, signature, 32, 32);
        return token.substring(0, dot + 1)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    @Test
    void onlyTheBooleanClaimAuthorizesAnAdministrator() {
        assertThat(granted(authenticator.administrator(token("{\"mercure\":{\"admin\":true}}")))
                        .admin())
                .isTrue();
        for (String claims : new String[] {
            "{}",
            "{\"admin\":true}",
            "{\"mercure\":{\"admin\":\"true\"}}",
            "{\"mercure\":{\"admin\":1}}",
            "{\"mercure\":{\"admin\":[true]}}",
            "{\"mercure\":{\"admin\":false,\"publish\":[\"*\"]}}"
        }) {
            assertThat(granted(authenticator.administrator(token(claims))).admin())
                    .as(claims)
                    .isFalse();
        }
    }

    @Test
    void keyOfPublishersDoesNotAuthorizeAdministrators() {
        Authenticator two = authenticator(
                clock, revocations, "herald.auth.publisher.key=" + SECRET, "herald.auth.admin.key=" + SECRET + "2");
        Authenticator none = authenticator(clock, revocations, "herald.open=true");
        Optional<String> token = token("{\"mercure\":{\"admin\":true}}");

        assertThat(rejection(two.administrator(token))).isInstanceOf(InvalidTokenException.class);
        assertThat(none.administrable()).isFalse();
        assertThat(rejection(none.administrator(token))).isInstanceOf(InvalidTokenException.class);
        assertThat(rejection(none.administrator(Optional.empty()))).isInstanceOf(MissingTokenException.class);
    }

    @Test
    void anonymousClientHasNoIdentity() {
        Authenticator open = authenticator(clock, revocations, "herald.open=true");

        Grants grants = granted(open.subscriber(token("{\"sub\":\"alice\"}")));

        assertThat(grants.identity(token("{\"sub\":\"alice\"}"))).isEqualTo(TokenIdentity.ANONYMOUS);
    }
}
