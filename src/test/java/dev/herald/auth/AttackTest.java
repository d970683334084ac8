package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.MovingClock;

import static dev.herald.auth.Doors.door;
import static dev.herald.auth.Doors.granted;
import static dev.herald.auth.Doors.refusal;
import static dev.herald.auth.TokenMint.base64url;
import static org.assertj.core.api.Assertions.assertThat;

/** Attacks without a key (RFC 8725): each token is rejected, and the message quotes nothing of it. */
class AttackTest {
    private static final String CLAIMS = "{\"mercure\":{\"publish\":[\"*\"]}}";
    private static final KeyPair RSA = KeyPairs.of("RS256");
    private static final KeyPair EC = KeyPairs.of("ES256");
    private static final KeyPair STRANGER = KeyPairs.another("stranger");

    private final MovingClock clock = new MovingClock();
    private final Authenticator hmac = door(clock, "herald.auth.publisher.key=" + TokenMint.WELL_KNOWN_SECRET);
    private final Authenticator rsa = door(clock, "herald.auth.publisher.key=" + KeyPairs.pem(RSA.getPublic()));
    private final Authenticator ec = door(clock, "herald.auth.publisher.key=" + KeyPairs.pem(EC.getPublic()));

    private static void refuses(Authenticator door, String token, String reason) {
        Throwable refusal = refusal(door.publisher(Optional.of(token)));

        assertThat(refusal).isInstanceOf(InvalidTokenException.class).hasMessageContaining(reason);
        for (String part : token.split("\\.")) {
            if (part.length() > 10) {
                assertThat(refusal).hasMessageNotContaining(part);
            }
        }
        assertThat(refusal).hasMessageNotContaining(TokenMint.WELL_KNOWN_SECRET);
    }

    private static void accepts(Authenticator door, String token) {
        assertThat(granted(door.publisher(Optional.of(token))).anonymous()).isFalse();
    }

    private static String unsigned(String header, String signature) {
        return base64url(header) + "." + base64url(CLAIMS) + "." + signature;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "noNe"})
    void m21AnUnsignedTokenIsRefused(String none) {
        String header = "{\"alg\":\"" + none + "\"}";

        for (Authenticator door : Arrays.asList(hmac, rsa, ec)) {
            refuses(door, unsigned(header, ""), "The token is not signed");
            refuses(door, unsigned(header, base64url("signature")), "The token is not signed");
            refuses(door, TokenMint.wellKnown().withHeader(header).token(CLAIMS), "The token is not signed");
        }
    }

    @Test
    void m21ASignatureThatWasTakenAwayIsMissed() {
        refuses(hmac, unsigned("{\"alg\":\"HS256\"}", ""), "signature does not match");
        refuses(rsa, unsigned("{\"alg\":\"RS256\"}", ""), "signature does not match");
        refuses(ec, unsigned("{\"alg\":\"ES256\"}", ""), "signature does not match");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void m21AnHmacMadeWithThePublicKeyIsRefused(String algorithm) {
        String pem = KeyPairs.pem(RSA.getPublic());
        Stream<byte[]> secrets = Stream.of(
                pem.getBytes(StandardCharsets.US_ASCII),
                pem.strip().getBytes(StandardCharsets.US_ASCII),
                RSA.getPublic().getEncoded());

        secrets.forEach(secret -> refuses(
                rsa,
                TokenMint.hmac(algorithm, secret).token(CLAIMS),
                "signed with " + algorithm + ". Accepted algorithms: RS256."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS512", "PS256", "ES256", "EdDSA", "HS384"})
    void m21AnotherAlgorithmThanTheConfiguredOneIsRefused(String algorithm) {
        refuses(
                hmac,
                TokenMint.wellKnown()
                        .withHeader("{\"alg\":\"" + algorithm + "\"}")
                        .token(CLAIMS),
                ". Accepted algorithms: HS256.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS1\"}",
                "{\"alg\":\"hs256\"}",
                "{\"alg\":\"HS256 \"}",
                "{\"alg\":\"\"}",
                "{\"alg\":\"<script>alert(1)</script>\"}",
            })
    void m21AnAlgorithmThatThereIsNotIsRefusedAndNotRepeated(String header) {
        Throwable refusal = refusal(hmac.publisher(
                Optional.of(TokenMint.wellKnown().withHeader(header).token(CLAIMS))));

        assertThat(refusal)
                .isInstanceOf(InvalidTokenException.class)
                .hasMessage("The token's algorithm is unknown. Use one of HS256, HS384, HS512,"
                        + " RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA.");
    }

    @Test
    void aKeyInTheTokenItselfIsNotLookedAt() {
        String jwk = KeyPairs.jwk(STRANGER.getPublic(), "\"kid\":\"mine\"");
        TokenMint stranger = TokenMint.of("ES256", STRANGER.getPrivate());

        refuses(
                ec,
                stranger.withHeader("{\"alg\":\"ES256\",\"kid\":\"mine\",\"jwk\":" + jwk + "}")
                        .token(CLAIMS),
                "signature does not match");
    }

    @Test
    void anAddressInTheTokenIsNotAskedForAKey() {
        String jwks = KeyPairs.jwks(KeyPairs.jwk(STRANGER.getPublic(), "\"kid\":\"mine\""));
        TokenMint stranger = TokenMint.of("ES256", STRANGER.getPrivate());

        try (IssuerServer evil = new IssuerServer(IssuerServer.Answer.json(jwks));
                IssuerServer issuer = new IssuerServer(
                        IssuerServer.Answer.json(KeyPairs.jwks(KeyPairs.jwk(EC.getPublic(), "\"kid\":\"mine\""))))) {
            Authenticator door = door(clock, "herald.auth.publisher.jwks-url=" + issuer.url());
            for (String name : Arrays.asList("jku", "x5u", "kid", "iss")) {
                String address = "\"" + name + "\":\"" + evil.url() + "\"";
                String header = "{\"alg\":\"ES256\"," + (name.equals("kid") ? "" : "\"kid\":\"mine\",") + address + "}";

                Throwable refusal = refusal(
                        door.publisher(Optional.of(stranger.withHeader(header).token("{" + address + "}"))));

                assertThat(refusal).as(name).isInstanceOf(InvalidTokenException.class);
            }
            assertThat(evil.asked()).isZero();
            door.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "' OR 1=1 --", "/dev/null", "\\u0000", "\\ud800", ""})
    void aStrangeKeyIdFindsNothing(String keyId) {
        String jwks = KeyPairs.jwks(KeyPairs.jwk(EC.getPublic(), "\"kid\":\"a\""));
        try (IssuerServer issuer = new IssuerServer(IssuerServer.Answer.json(jwks))) {
            Authenticator door = door(clock, "herald.auth.publisher.jwks-url=" + issuer.url());
            String token = TokenMint.of("ES256", EC.getPrivate())
                    .withHeader("{\"alg\":\"ES256\",\"kid\":\"" + keyId + "\"}")
                    .token(CLAIMS);

            refuses(door, token, "does not publish the key");
            door.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"crit\":[\"exp\"],\"exp\":1",
                "\"crit\":[\"b64\"],\"b64\":true",
                "\"crit\":[]",
                "\"crit\":null",
                "\"b64\":false",
                "\"b64\":true",
            })
    void anExtensionThatMustBeUnderstoodIsRefused(String member) {
        refuses(
                hmac,
                TokenMint.wellKnown()
                        .withHeader("{\"alg\":\"HS256\"," + member + "}")
                        .token(CLAIMS),
                "requires a JWS extension");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"alg\":\"none\"}",
                "{\"alg\":\"none\",\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\"}{}",
                "{\"alg\":\"HS256\",\"a\":1e4009999999999999999999999}",
                "{\"alg\":\"HS256\"",
                "[\"HS256\"]",
                "\"HS256\"",
                "null",
                "",
                "\uFEFF{\"alg\":\"HS256\"} x",
            })
    void aHeaderThatCanBeReadInTwoWaysOrNoneIsRefused(String header) {
        refuses(hmac, TokenMint.wellKnown().withHeader(header).token(CLAIMS), "header is not a JSON object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"alg\":null}",
                "{\"alg\":[\"HS256\"]}",
                "{\"alg\":256}",
                "{\"alg\":\"HS256\",\"kid\":1}",
                "{\"alg\":\"HS256\",\"kid\":{}}",
            })
    void aHeaderWithMembersOfAnotherTypeIsRefused(String header) {
        refuses(hmac, TokenMint.wellKnown().withHeader(header).token(CLAIMS), "The token's header");
    }

    @Test
    void claimsThatStandTwiceAreRefused() {
        refuses(
                hmac,
                TokenMint.wellKnown().token("{\"exp\":1,\"exp\":9999999999}"),
                "not a JSON object with unique names");
        refuses(
                hmac,
                TokenMint.wellKnown().token("{\"mercure\":{\"publish\":[],\"publish\":[\"*\"]}}"),
                "not a JSON object with unique names");
    }

    /** CVE-2022-21449: r and s of zero verify every message where they are not validated. */
    @ParameterizedTest
    @MethodSource("signaturesThatAreNone")
    void signaturesThatAreNoneAreRefused(byte[] signature) {
        refuses(ec, unsigned("{\"alg\":\"ES256\"}", base64url(signature)), "signature does not match");
        refuses(rsa, unsigned("{\"alg\":\"RS256\"}", base64url(signature)), "signature does not match");
        refuses(hmac, unsigned("{\"alg\":\"HS256\"}", base64url(signature)), "signature does not match");
    }

    static Stream<byte[]> signaturesThatAreNone() {
        byte[] order = HexFormat.of().parseHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        byte[] ofOrders = Arrays.copyOf(order, 64);
        System.arraycopy(order, 0, ofOrders, 32, 32);
        byte[] ones = new byte[64];
        ones[31] = 1;
        ones[63] = 1;
        return Stream.of(
                new byte[64],
                ofOrders,
                ones,
                new byte[0],
                new byte[1],
                new byte[63],
                new byte[65],
                new byte[256],
                new byte[10_000]);
    }

    @Test
    void aTokenThatIsCutAnywhereIsRefused() {
        String token = TokenMint.wellKnown().token(CLAIMS);

        for (int length = 0; length < token.length(); length++) {
            String cut = token.substring(0, length);

            assertThat(refusal(hmac.publisher(Optional.of(cut))))
                    .as("%d characters", length)
                    .isInstanceOf(InvalidTokenException.class);
        }
    }

    @Test
    void aTokenThatIsChangedAnywhereIsRefused() {
        String token = TokenMint.wellKnown().token(CLAIMS);
        int last = token.length() - 1;

        // The lowest bits of the last character encode nothing, so another one may encode the same signature.
        for (int at = 0; at < last; at++) {
            char other = token.charAt(at) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, at) + other + token.substring(at + 1);

            assertThat(refusal(hmac.publisher(Optional.of(changed))))
                    .as("character %d", at)
                    .isInstanceOf(InvalidTokenException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" %s", "%s ", "%s\n", "\t%s", "%s.", ".%s", "%s.%s", "%s=", "Bearer %s", "%s\0", "%sé"})
    void whatStandsAroundATokenIsNotSkipped(String around) {
        String token = TokenMint.wellKnown().token(CLAIMS);

        assertThat(refusal(hmac.publisher(Optional.of(around.replace("%s", token)))))
                .isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void anEncryptedTokenIsRefused() {
        refuses(hmac, base64url("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + "..AAAA.AAAA.AAAA", "is encrypted");
    }

    @Test
    void aTokenOfAMegabyteIsRefusedUnread() {
        refuses(hmac, "a".repeat(1_048_576), "too long: at most 65536 bytes");
        refuses(hmac, TokenMint.wellKnown().token("{\"a\":\"" + "a".repeat(1_048_576) + "\"}"), "too long");
    }

    @Test
    void aTokenOfTheLargestSizeIsRead() {
        String start = TokenMint.wellKnown().token("{\"a\":\"\"}");
        String token = TokenMint.wellKnown()
                .token("{\"a\":\"" + "a".repeat((CompactToken.MAX_LENGTH - start.length()) * 3 / 4 - 3) + "\"}");

        assertThat(token.length()).isBetween(CompactToken.MAX_LENGTH - 8, CompactToken.MAX_LENGTH);
        accepts(hmac, token);
    }

    @Test
    void claimsThatAreNestedWithoutEndAreRefused() {
        String deep = "[".repeat(20_000) + "]".repeat(20_000);

        refuses(hmac, TokenMint.wellKnown().token("{\"mercure\":{\"payload\":" + deep + "}}"), "not a JSON object");
        refuses(
                hmac,
                TokenMint.wellKnown()
                        .withHeader("{\"alg\":\"HS256\",\"a\":" + deep + "}")
                        .token(CLAIMS),
                "not a JSON object");
    }

    @Test
    void aTokenOfTheOtherAlgorithmOfTheSameRsaKeyIsRefused() {
        refuses(
                rsa,
                TokenMint.of("PS256", RSA.getPrivate())
                        .withHeader("{\"alg\":\"RS256\"}")
                        .token(CLAIMS),
                "signature does not match");
    }

    @Test
    void theSameDoorsAcceptGoodTokens() {
        accepts(hmac, TokenMint.wellKnown().token(CLAIMS));
        accepts(rsa, TokenMint.of("RS256", RSA.getPrivate()).token(CLAIMS));
        accepts(ec, TokenMint.of("ES256", EC.getPrivate()).token(CLAIMS));
    }
}
