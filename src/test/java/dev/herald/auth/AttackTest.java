package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.MovingClock;

import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static dev.herald.auth.TokenMint.base64url;
import static org.assertj.core.api.Assertions.assertThat;

/** Attacks without a key (RFC 8725): each token is rejected, and the message quotes nothing of it. */
class AttackTest {
    private static final String CLAIMS = "{\"mercure\":{\"publish\":[\"*\"]}}";
    private static final KeyPair RSA = KeyPairs.of("RS256");
    private static final KeyPair EC = KeyPairs.of("ES256");
    private static final KeyPair ATTACKER = KeyPairs.another("attacker");

    private final MovingClock clock = new MovingClock();
    private final Authenticator hmac = authenticator(clock, "herald.auth.publisher.key=" + TokenMint.WELL_KNOWN_SECRET);
    private final Authenticator rsa =
            authenticator(clock, "herald.auth.publisher.key=" + KeyPairs.pem(RSA.getPublic()));
    private final Authenticator ec = authenticator(clock, "herald.auth.publisher.key=" + KeyPairs.pem(EC.getPublic()));

    private final Authenticator several = authenticator(
            clock,
            "herald.auth.publisher.key="
                    + KeyPairs.jwks(
                            KeyPairs.jwk(RSA.getPublic(), "\"kid\":\"rsa\""),
                            KeyPairs.jwk(EC.getPublic(), "\"kid\":\"ec\"")));

    private static void rejects(Authenticator authenticator, String token, String reason) {
        Throwable rejection = rejection(authenticator.publisher(Optional.of(token)));

        assertThat(rejection).isInstanceOf(InvalidTokenException.class).hasMessageContaining(reason);
        for (String part : token.split("\\.")) {
            if (part.length() > 10) {
                assertThat(rejection).hasMessageNotContaining(part);
            }
        }
        assertThat(rejection).hasMessageNotContaining(TokenMint.WELL_KNOWN_SECRET);
    }

    private static void accepts(Authenticator authenticator, String token) {
        assertThat(granted(authenticator.publisher(Optional.of(token))).anonymous())
                .isFalse();
    }

    private static String unsigned(String header, String signature) {
        return base64url(header) + "." + base64url(CLAIMS) + "." + signature;
    }

    @Test
    void m21EmptyTokenIsRejected() {
        rejects(hmac, "", "The token is empty: send one, or leave the header out.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "noNe"})
    void m21UnsignedTokenIsRejected(String none) {
        String header = "{\"alg\":\"" + none + "\"}";

        for (Authenticator authenticator : Arrays.asList(hmac, rsa, ec)) {
            rejects(authenticator, unsigned(header, ""), "The token is not signed");
            rejects(authenticator, unsigned(header, base64url("signature")), "The token is not signed");
            rejects(authenticator, TokenMint.wellKnown().withHeader(header).token(CLAIMS), "The token is not signed");
        }
    }

    @Test
    void m21TokenWithRemovedSignatureIsRejected() {
        rejects(hmac, unsigned("{\"alg\":\"HS256\"}", ""), "signature does not match");
        rejects(rsa, unsigned("{\"alg\":\"RS256\"}", ""), "signature does not match");
        rejects(ec, unsigned("{\"alg\":\"ES256\"}", ""), "signature does not match");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void m21HmacByPublicKeyIsRejected(String algorithm) {
        String pem = KeyPairs.pem(RSA.getPublic());
        Stream<byte[]> secrets = Stream.of(
                pem.getBytes(StandardCharsets.US_ASCII),
                pem.strip().getBytes(StandardCharsets.US_ASCII),
                RSA.getPublic().getEncoded());

        secrets.forEach(secret -> rejects(
                rsa,
                TokenMint.hmac(algorithm, secret).token(CLAIMS),
                "signed with " + algorithm + ". Accepted algorithms: RS256."));
    }

    @Test
    void m21HmacByAKeyOfAJwkSetIsRejected() {
        for (String jwk : List.of(KeyPairs.jwk(RSA.getPublic(), "\"kid\":\"rsa\""), KeyPairs.jwk(EC.getPublic()))) {
            for (String keyId : List.of("", ",\"kid\":\"rsa\"", ",\"kid\":\"ec\"")) {
                rejects(
                        several,
                        TokenMint.hmac("HS256", jwk.getBytes(StandardCharsets.US_ASCII))
                                .withHeader("{\"alg\":\"HS256\"" + keyId + "}")
                                .token(CLAIMS),
                        "signed with HS256. Accepted algorithms: RS256,ES256.");
            }
        }
    }

    @Test
    void keyIdOfAKeyOfAnotherAlgorithmIsRejected() {
        rejects(
                several,
                TokenMint.of("ES256", EC.getPrivate())
                        .withHeader("{\"alg\":\"ES256\",\"kid\":\"rsa\"}")
                        .token(CLAIMS),
                "no key with the id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "' OR 1=1 --", "\\u0000", "\\ud800", "", "EC", "ec "})
    void malformedOrUnknownKeyIdIsRejectedAndNotQuoted(String keyId) {
        rejects(
                several,
                TokenMint.of("ES256", EC.getPrivate())
                        .withHeader("{\"alg\":\"ES256\",\"kid\":\"" + keyId + "\"}")
                        .token(CLAIMS),
                "The hub has no key with the id in the token's header ('kid'): sign with a current key.");
    }

    @Test
    void attackersKeyIsRejectedUnderEachKeyId() {
        for (String keyId : List.of("", ",\"kid\":\"rsa\"", ",\"kid\":\"ec\"", ",\"kid\":\"none\"")) {
            String token = TokenMint.of("ES256", ATTACKER.getPrivate())
                    .withHeader("{\"alg\":\"ES256\"" + keyId + "}")
                    .token(CLAIMS);

            assertThat(rejection(several.publisher(Optional.of(token))))
                    .as(keyId)
                    .isInstanceOf(InvalidTokenException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS512", "PS256", "ES256", "EdDSA", "HS384"})
    void m21UnconfiguredAlgorithmIsRejected(String algorithm) {
        rejects(
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
    void m21UnknownAlgorithmIsRejectedAndNotQuoted(String header) {
        Throwable rejection = rejection(hmac.publisher(
                Optional.of(TokenMint.wellKnown().withHeader(header).token(CLAIMS))));

        assertThat(rejection)
                .isInstanceOf(InvalidTokenException.class)
                .hasMessage("The token's algorithm is unknown. Use one of HS256, HS384, HS512,"
                        + " RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA.");
    }

    @Test
    void keyInTokenHeaderIsIgnored() {
        String jwk = KeyPairs.jwk(ATTACKER.getPublic(), "\"kid\":\"mine\"");
        TokenMint attacker = TokenMint.of("ES256", ATTACKER.getPrivate());

        rejects(
                ec,
                attacker.withHeader("{\"alg\":\"ES256\",\"kid\":\"mine\",\"jwk\":" + jwk + "}")
                        .token(CLAIMS),
                "signature does not match");
    }

    @Test
    void urlInTokenHeaderIsNotFetched() {
        String jwks = KeyPairs.jwks(KeyPairs.jwk(ATTACKER.getPublic(), "\"kid\":\"mine\""));
        TokenMint attacker = TokenMint.of("ES256", ATTACKER.getPrivate());

        try (IssuerServer evil = new IssuerServer(IssuerServer.Answer.json(jwks));
                IssuerServer issuer = new IssuerServer(
                        IssuerServer.Answer.json(KeyPairs.jwks(KeyPairs.jwk(EC.getPublic(), "\"kid\":\"mine\""))))) {
            Authenticator authenticator = authenticator(clock, "herald.auth.publisher.jwks-url=" + issuer.url());
            for (String name : Arrays.asList("jku", "x5u", "kid", "iss")) {
                String address = "\"" + name + "\":\"" + evil.url() + "\"";
                String header = "{\"alg\":\"ES256\"," + (name.equals("kid") ? "" : "\"kid\":\"mine\",") + address + "}";

                Throwable rejection = rejection(authenticator.publisher(
                        Optional.of(attacker.withHeader(header).token("{" + address + "}"))));

                assertThat(rejection).as(name).isInstanceOf(InvalidTokenException.class);
            }
            assertThat(evil.asked()).isZero();
            authenticator.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "' OR 1=1 --", "/dev/null", "\\u0000", "\\ud800", ""})
    void malformedKeyIdIsRejected(String keyId) {
        String jwks = KeyPairs.jwks(KeyPairs.jwk(EC.getPublic(), "\"kid\":\"a\""));
        try (IssuerServer issuer = new IssuerServer(IssuerServer.Answer.json(jwks))) {
            Authenticator authenticator = authenticator(clock, "herald.auth.publisher.jwks-url=" + issuer.url());
            String token = TokenMint.of("ES256", EC.getPrivate())
                    .withHeader("{\"alg\":\"ES256\",\"kid\":\"" + keyId + "\"}")
                    .token(CLAIMS);

            rejects(authenticator, token, "does not publish the key");
            authenticator.close();
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
    void criticalExtensionIsRejected(String member) {
        rejects(
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
    void ambiguousOrMalformedHeaderIsRejected(String header) {
        rejects(hmac, TokenMint.wellKnown().withHeader(header).token(CLAIMS), "header is not a JSON object");
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
    void headerWithMembersOfWrongTypeIsRejected(String header) {
        rejects(hmac, TokenMint.wellKnown().withHeader(header).token(CLAIMS), "The token's header");
    }

    @Test
    void duplicateClaimsAreRejected() {
        rejects(
                hmac,
                TokenMint.wellKnown().token("{\"exp\":1,\"exp\":9999999999}"),
                "not a JSON object with unique names");
        rejects(
                hmac,
                TokenMint.wellKnown().token("{\"mercure\":{\"publish\":[],\"publish\":[\"*\"]}}"),
                "not a JSON object with unique names");
    }

    /** CVE-2022-21449: r and s of zero verify every message where they are not validated. */
    @ParameterizedTest
    @MethodSource("forgedSignatures")
    void forgedSignaturesAreRejected(byte[] signature) {
        rejects(ec, unsigned("{\"alg\":\"ES256\"}", base64url(signature)), "signature does not match");
        rejects(rsa, unsigned("{\"alg\":\"RS256\"}", base64url(signature)), "signature does not match");
        rejects(hmac, unsigned("{\"alg\":\"HS256\"}", base64url(signature)), "signature does not match");
    }

    static Stream<byte[]> forgedSignatures() {
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
    void truncatedTokenIsRejected() {
        String token = TokenMint.wellKnown().token(CLAIMS);

        for (int length = 0; length < token.length(); length++) {
            String cut = token.substring(0, length);

            assertThat(rejection(hmac.publisher(Optional.of(cut))))
                    .as("%d characters", length)
                    .isInstanceOf(InvalidTokenException.class);
        }
    }

    @Test
    void modifiedTokenIsRejected() {
        String token = TokenMint.wellKnown().token(CLAIMS);
        int last = token.length() - 1;

        // The lowest bits of the last character encode nothing, so another one may encode the same signature.
        for (int at = 0; at < last; at++) {
            char other = token.charAt(at) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, at) + other + token.substring(at + 1);

            assertThat(rejection(hmac.publisher(Optional.of(changed))))
                    .as("character %d", at)
                    .isInstanceOf(InvalidTokenException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" %s", "%s ", "%s\n", "\t%s", "%s.", ".%s", "%s.%s", "%s=", "Bearer %s", "%s\0", "%sé"})
    void tokenWithSurroundingTextIsRejected(String around) {
        String token = TokenMint.wellKnown().token(CLAIMS);

        assertThat(rejection(hmac.publisher(Optional.of(around.replace("%s", token)))))
                .isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void encryptedTokenIsRejected() {
        rejects(hmac, base64url("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + "..AAAA.AAAA.AAAA", "is encrypted");
    }

    @Test
    void tokenOfOneMegabyteIsRejectedUnparsed() {
        rejects(hmac, "a".repeat(1_048_576), "too long: at most 65536 bytes");
        rejects(hmac, TokenMint.wellKnown().token("{\"a\":\"" + "a".repeat(1_048_576) + "\"}"), "too long");
    }

    @Test
    void longestTokenIsAccepted() {
        String start = TokenMint.wellKnown().token("{\"a\":\"\"}");
        String token = TokenMint.wellKnown()
                .token("{\"a\":\"" + "a".repeat((CompactToken.MAX_LENGTH - start.length()) * 3 / 4 - 3) + "\"}");

        assertThat(token.length()).isBetween(CompactToken.MAX_LENGTH - 8, CompactToken.MAX_LENGTH);
        accepts(hmac, token);
    }

    @Test
    void deeplyNestedJsonIsRejected() {
        String deep = "[".repeat(20_000) + "]".repeat(20_000);

        rejects(hmac, TokenMint.wellKnown().token("{\"mercure\":{\"payload\":" + deep + "}}"), "not a JSON object");
        rejects(
                hmac,
                TokenMint.wellKnown()
                        .withHeader("{\"alg\":\"HS256\",\"a\":" + deep + "}")
                        .token(CLAIMS),
                "not a JSON object");
    }

    @Test
    void pssSignatureUnderRs256HeaderIsRejected() {
        rejects(
                rsa,
                TokenMint.of("PS256", RSA.getPrivate())
                        .withHeader("{\"alg\":\"RS256\"}")
                        .token(CLAIMS),
                "signature does not match");
    }

    @Test
    void validTokensAreAccepted() {
        accepts(hmac, TokenMint.wellKnown().token(CLAIMS));
        accepts(rsa, TokenMint.of("RS256", RSA.getPrivate()).token(CLAIMS));
        accepts(ec, TokenMint.of("ES256", EC.getPrivate()).token(CLAIMS));
        accepts(several, TokenMint.of("ES256", EC.getPrivate()).token(CLAIMS));
    }
}
