package dev.herald.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Certificates;
import dev.herald.MovingClock;

import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Configured keys, valid ones and those that stop the start (PROTOCOL M21). */
class KeysTest {
    private static final String KEY = "herald.auth.publisher.key=";
    private static final String KEY_FILE = "herald.auth.publisher.key-file=";
    private static final String ALGORITHMS = "herald.auth.publisher.algorithms=";
    private static final String CLAIMS = "{\"mercure\":{\"publish\":[\"*\"]}}";

    private final MovingClock clock = new MovingClock();

    @TempDir
    private Path directory;

    private static byte[] secret(int bytes) {
        return "s".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
    }

    private static void accepts(Authenticator authenticator, TokenMint mint) {
        assertThat(granted(authenticator.publisher(Optional.of(mint.token(CLAIMS))))
                        .anonymous())
                .isFalse();
    }

    private static void rejects(Authenticator authenticator, TokenMint mint, String reason) {
        assertThat(rejection(authenticator.publisher(Optional.of(mint.token(CLAIMS)))))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"HS256, 32", "HS384, 48", "HS512, 64"})
    void m21SecretVerifiesConfiguredHmac(String algorithm, int bytes) {
        Authenticator authenticator = authenticator(clock, KEY + "s".repeat(bytes), ALGORITHMS + algorithm);

        accepts(authenticator, TokenMint.hmac(algorithm, secret(bytes)));
        rejects(authenticator, TokenMint.hmac(algorithm, secret(bytes + 1)), "signature does not match");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
    void m21PublicKeyVerifiesConfiguredAlgorithm(String algorithm) {
        KeyPair pair = KeyPairs.of(algorithm);
        Authenticator authenticator =
                authenticator(clock, KEY + KeyPairs.pem(pair.getPublic()), ALGORITHMS + algorithm);

        accepts(authenticator, TokenMint.of(algorithm, pair.getPrivate()));
        assertThat(authenticator.publishing()).isEqualTo(algorithm);
    }

    @ParameterizedTest
    @CsvSource({"RS256, RS256", "ES256, ES256", "ES384, ES384", "ES512, ES512", "EdDSA, EdDSA"})
    void m21DefaultAlgorithmFollowsFromKey(String kind, String usual) {
        KeyPair pair = KeyPairs.of(kind);
        Authenticator authenticator = authenticator(clock, KEY + KeyPairs.pem(pair.getPublic()));

        accepts(authenticator, TokenMint.of(usual, pair.getPrivate()));
        assertThat(authenticator.publishing()).isEqualTo(usual);
    }

    @Test
    void m21Ed448KeyVerifiesEdDsa() {
        accepts(
                authenticator(clock, KEY + KeyPairs.pem(KeyPairs.ed448().getPublic())),
                TokenMint.of("EdDSA", KeyPairs.ed448().getPrivate()));
    }

    @Test
    void m21KeyMayHaveSeveralAlgorithms() {
        KeyPair pair = KeyPairs.of("RS256");
        Authenticator authenticator =
                authenticator(clock, KEY + KeyPairs.pem(pair.getPublic()), ALGORITHMS + "RS256,PS512");

        accepts(authenticator, TokenMint.of("RS256", pair.getPrivate()));
        accepts(authenticator, TokenMint.of("PS512", pair.getPrivate()));
        rejects(
                authenticator,
                TokenMint.of("RS512", pair.getPrivate()),
                "signed with RS512. Accepted algorithms: RS256,PS512.");
    }

    @ParameterizedTest
    @CsvSource({"RS256, another", "ES256, another", "EdDSA, another"})
    void m21SignatureOfOtherKeyIsRejected(String algorithm) {
        KeyPair other =
                switch (algorithm) {
                    case "RS256" -> KeyPairs.rsa(2_048, "another RSA");
                    case "ES256" -> KeyPairs.another("another EC");
                    default -> KeyPairs.ed448();
                };

        rejects(
                authenticator(clock, KEY + KeyPairs.pem(KeyPairs.of(algorithm).getPublic())),
                TokenMint.of(algorithm, other.getPrivate()),
                "signature does not match");
    }

    @Test
    void pemWithEscapedLineBreaksIsAccepted() {
        KeyPair pair = KeyPairs.of("ES256");

        accepts(
                authenticator(clock, KEY + KeyPairs.pem(pair.getPublic()).replace("\n", "\\n")),
                TokenMint.of("ES256", pair.getPrivate()));
    }

    @Test
    void pemFileWithCommentIsAccepted() throws IOException {
        KeyPair pair = KeyPairs.of("ES256");
        Path file = directory.resolve("key.pem");
        Files.writeString(file, "The new one:\n" + KeyPairs.pem(pair.getPublic()));

        accepts(authenticator(clock, KEY_FILE + file), TokenMint.of("ES256", pair.getPrivate()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void lineBreakAtEndOfSecretFileIsIgnored(String end) throws IOException {
        Path file = directory.resolve("secret");
        Files.writeString(file, "s".repeat(32) + end);

        accepts(authenticator(clock, KEY_FILE + file), TokenMint.hmac("HS256", secret(32)));
    }

    @Test
    void binarySecretFileIsAccepted() throws IOException {
        byte[] bytes = secret(40);
        bytes[0] = 0;
        bytes[20] = (byte) 0xFF;
        bytes[39] = ' ';
        Path file = directory.resolve("secret");
        Files.write(file, bytes);

        accepts(authenticator(clock, KEY_FILE + file), TokenMint.hmac("HS256", bytes));
    }

    @Test
    void certificateFileIsAccepted() throws Exception {
        Certificates.generateForRsa(directory, "issuer");
        Authenticator authenticator = authenticator(clock, KEY_FILE + directory.resolve("issuer.crt"));

        accepts(authenticator, TokenMint.of("RS256", PrivateKeys.pem(directory.resolve("issuer.key"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HS256|31|is too short for HS256: it must have 32 bytes or more (RFC 7518 §3.2), and has 31",
                "HS384|47|is too short for HS384: it must have 48 bytes",
                "HS256,HS512|63|is too short for HS512: it must have 64 bytes",
            })
    void shortSecretStopsStart(String algorithms, int bytes, String reason) {
        assertThatThrownBy(() -> authenticator(clock, KEY + "s".repeat(bytes), ALGORITHMS + algorithms))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageStartingWith("herald.auth.publisher ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("sss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void m21HmacWithPublicKeyStopsStart(String algorithm) {
        assertThatThrownBy(() -> authenticator(
                        clock, KEY + KeyPairs.pem(KeyPairs.of("RS256").getPublic()), ALGORITHMS + "RS256," + algorithm))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining("must not contain " + algorithm + ": the key is public");
    }

    @ParameterizedTest
    @CsvSource({"RS256, ES256", "ES256, ES384", "ES256, RS256", "EdDSA, ES256", "ES384, EdDSA", "EdDSA, PS256"})
    void m21KeyThatDoesNotFitAlgorithmStopsStart(String kind, String algorithm) {
        assertThatThrownBy(() -> authenticator(
                        clock, KEY + KeyPairs.pem(KeyPairs.of(kind).getPublic()), ALGORITHMS + algorithm))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining("must have an algorithm of each key, and is " + algorithm)
                .hasMessageContaining("where a key fits only")
                .hasMessageContaining(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "NONE", "RS1", "hs256", "ES256K", "*"})
    void m21UnknownAlgorithmStopsStart(String algorithm) {
        assertThatThrownBy(() -> authenticator(clock, KEY + "s".repeat(32), ALGORITHMS + "HS256," + algorithm))
                .isInstanceOf(AuthSettingException.class)
                .hasMessage("herald.auth.publisher.algorithms must be a list of " + Algorithm.names() + ", and '"
                        + algorithm + "' is not one");
    }

    @Test
    void shortRsaKeyStopsStart() {
        assertThatThrownBy(() -> authenticator(
                        clock,
                        KEY + KeyPairs.pem(KeyPairs.rsa(1_024, "small RSA").getPublic())))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining("RSA keys need 2048 bits or more");
    }

    @Test
    void privateKeyStopsStartAndIsNotQuoted() {
        byte[] der = KeyPairs.of("ES256").getPrivate().getEncoded();
        for (String label : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY")) {
            String pem = KeyPairs.pem(label, der);

            assertThatThrownBy(() -> authenticator(clock, KEY + pem))
                    .isInstanceOf(AuthSettingException.class)
                    .hasMessageStartingWith("herald.auth.publisher.key must be a public key, and is a private one")
                    .hasMessageNotContaining(pem.lines().toList().get(1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-----BEGIN PUBLIC KEY-----|incomplete",
                "-----BEGIN PUBLIC KEY-----!-----END PUBLIC KEY-----|incomplete",
                "-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----|no key of RSA",
                "-----BEGIN PUBLIC KEY-----=A-----END PUBLIC KEY-----|not base64",
                "-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----|no certificate",
                "-----BEGIN RSA PUBLIC KEY-----AAAA-----END RSA PUBLIC KEY-----|openssl rsa -RSAPublicKey_in",
                "-----BEGIN CERTIFICATE REQUEST-----AAAA-----END CERTIFICATE REQUEST-----|begins with",
            })
    void pemWithoutPublicKeyStopsStart(String pem, String reason) {
        assertThatThrownBy(() -> authenticator(clock, KEY + pem))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining("herald.auth.publisher.key must be a public key or certificate in PEM")
                .hasMessageContaining(reason);
    }

    @Test
    void keyOnUnsupportedCurveStopsStart() {
        // X25519: an exchange of keys, no signature.
        String pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEAXyZAixErl0eeTK5RF0UkVCAaYtlCuVHJBRgWKB6LhDU=\n"
                + "-----END PUBLIC KEY-----";

        assertThatThrownBy(() -> authenticator(clock, KEY + pem))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining(
                        "contains no key of RSA, of the curves P-256, P-384 and P-521, or of Ed25519 and Ed448");
    }

    @Test
    void unreadableOrEmptyKeyFileStopsStart() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));
        Path line = Files.writeString(directory.resolve("line"), "\n");
        Path large = Files.write(directory.resolve("large"), new byte[70_000]);

        assertThatThrownBy(() -> authenticator(clock, KEY_FILE + directory.resolve("missing")))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining("herald.auth.publisher.key-file must be a readable file");
        assertThatThrownBy(() -> authenticator(clock, KEY_FILE + directory)).isInstanceOf(AuthSettingException.class);
        assertThatThrownBy(() -> authenticator(clock, KEY_FILE + "a\0b")).isInstanceOf(AuthSettingException.class);
        assertThatThrownBy(() -> authenticator(clock, KEY_FILE + empty)).hasMessageContaining("is empty");
        assertThatThrownBy(() -> authenticator(clock, KEY_FILE + line)).hasMessageContaining("is empty");
        assertThatThrownBy(() -> authenticator(clock, KEY_FILE + large)).hasMessageContaining("at most 65536 bytes");
    }

    @Test
    void severalKeysForPublishersStopStart() {
        assertThatThrownBy(() -> authenticator(
                        clock, KEY + "s".repeat(32), "herald.auth.publisher.jwks-url=https://issuer.example"))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining("must have only one of .key, .key-file and .jwks-url");
    }

    @Test
    void m21PublicKeyForAnAlgorithmOfSecretsStopsStartAndTheOtherWayRound() {
        assertThatThrownBy(() -> authenticator(clock, KEY + "s".repeat(32), ALGORITHMS + "HS256,RS256"))
                .isInstanceOf(AuthSettingException.class)
                .hasMessage("herald.auth.publisher.algorithms must not contain RS256: the key is a secret");
    }

    private Authenticator fromFile(String content) throws IOException {
        return authenticator(clock, KEY_FILE + Files.writeString(directory.resolve("keys"), content));
    }

    private static String secretJwk(int bytes, String members) {
        return "{\"kty\":\"oct\",\"k\":\"" + TokenMint.base64url(secret(bytes)) + "\"" + members + "}";
    }

    private static TokenMint withKeyId(TokenMint mint, String algorithm, String keyId) {
        return mint.withHeader("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + keyId + "\"}");
    }

    @Test
    void severalKeysInPemAreAcceptedWithTheirAlgorithms() throws IOException {
        KeyPair rsa = KeyPairs.of("RS256");
        KeyPair ec = KeyPairs.of("ES256");
        Authenticator authenticator =
                fromFile(KeyPairs.pem(rsa.getPublic()) + "# the new one\n" + KeyPairs.pem(ec.getPublic()));

        accepts(authenticator, TokenMint.of("RS256", rsa.getPrivate()));
        accepts(authenticator, withKeyId(TokenMint.of("ES256", ec.getPrivate()), "ES256", "any"));
        rejects(authenticator, TokenMint.of("ES384", KeyPairs.of("ES384").getPrivate()), "Accepted algorithms");
        assertThat(authenticator.publishing()).isEqualTo("RS256,ES256");
    }

    @Test
    void jwkSetSelectsByKeyId() throws IOException {
        KeyPair first = KeyPairs.another("first");
        KeyPair second = KeyPairs.another("second");
        Authenticator authenticator = fromFile(KeyPairs.jwks(
                KeyPairs.jwk(first.getPublic(), "\"kid\":\"1\""), KeyPairs.jwk(second.getPublic(), "\"kid\":\"2\"")));

        accepts(authenticator, withKeyId(TokenMint.of("ES256", first.getPrivate()), "ES256", "1"));
        accepts(authenticator, withKeyId(TokenMint.of("ES256", second.getPrivate()), "ES256", "2"));
        rejects(authenticator, withKeyId(TokenMint.of("ES256", first.getPrivate()), "ES256", "2"), "does not match");
        rejects(
                authenticator,
                withKeyId(TokenMint.of("ES256", first.getPrivate()), "ES256", "3"),
                "no key with the id in the token's header ('kid')");
    }

    @Test
    void tokenWithoutKeyIdIsTriedWithEachKey() throws IOException {
        KeyPair second = KeyPairs.another("second");
        Authenticator authenticator = fromFile(KeyPairs.jwks(
                KeyPairs.jwk(KeyPairs.another("first").getPublic(), "\"kid\":\"1\""),
                KeyPairs.jwk(second.getPublic(), "\"kid\":\"2\"")));

        accepts(authenticator, TokenMint.of("ES256", second.getPrivate()));
        rejects(authenticator, TokenMint.of("ES256", KeyPairs.another("third").getPrivate()), "does not match");
    }

    @Test
    void jwkSetOfSecretsIsAccepted() throws IOException {
        Authenticator authenticator =
                fromFile(KeyPairs.jwks(secretJwk(40, ",\"kid\":\"old\""), secretJwk(41, ",\"kid\":\"new\"")));

        accepts(authenticator, TokenMint.hmac("HS256", secret(40)));
        accepts(authenticator, withKeyId(TokenMint.hmac("HS256", secret(41)), "HS256", "new"));
        rejects(authenticator, withKeyId(TokenMint.hmac("HS256", secret(41)), "HS256", "old"), "does not match");
        assertThat(authenticator.publishing()).isEqualTo("HS256");
    }

    @Test
    void singleJwkIsAcceptedWithItsAlgorithmOnly() throws IOException {
        Authenticator authenticator = fromFile(secretJwk(64, ",\"alg\":\"HS512\""));

        accepts(authenticator, TokenMint.hmac("HS512", secret(64)));
        rejects(authenticator, TokenMint.hmac("HS256", secret(64)), "Accepted algorithms: HS512");
    }

    @Test
    void keysForOtherPurposesAreIgnored() throws IOException {
        KeyPair ec = KeyPairs.of("ES256");
        KeyPair other = KeyPairs.another("other");
        Authenticator authenticator = fromFile(KeyPairs.jwks(
                KeyPairs.jwk(other.getPublic(), "\"use\":\"enc\""),
                KeyPairs.jwk(other.getPublic(), "\"key_ops\":[\"deriveKey\"]"),
                KeyPairs.jwk(other.getPublic(), "\"alg\":\"ECDH-ES\""),
                KeyPairs.jwk(ec.getPublic(), "\"use\":\"sig\"")));

        accepts(authenticator, TokenMint.of("ES256", ec.getPrivate()));
        rejects(authenticator, TokenMint.of("ES256", other.getPrivate()), "does not match");
    }

    @Test
    void secretThatLooksLikeJsonStaysASecret() throws IOException {
        String secret = "{\"password\":\"correct horse battery staple\"}";

        accepts(fromFile(secret), TokenMint.hmac("HS256", secret.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void chainOfCertificatesGivesOnlyTheKeyOfTheFirst() throws Exception {
        // A certificate is self-signed: as its own issuer it is a chain of two.
        Certificates.generate(directory, "first");
        Certificates.generate(directory, "second");
        String first = Files.readString(directory.resolve("first.crt"));
        String second = Files.readString(directory.resolve("second.crt"));

        assertThat(new PemKeys("test").parse(first + first)).hasSize(1);
        assertThat(new PemKeys("test").parse(first + second)).as("no chain").hasSize(2);
    }

    @Test
    void eightKeysAreAcceptedAndNineStopStart() throws IOException {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < KeyRing.MAX_KEYS; i++) {
            keys.append(KeyPairs.pem(KeyPairs.another("one of many " + i).getPublic()));
        }
        String eight = keys.toString();
        String nine = eight + KeyPairs.pem(KeyPairs.another("too many").getPublic());

        accepts(
                fromFile(eight + eight),
                TokenMint.of("ES256", KeyPairs.another("one of many 7").getPrivate()));
        assertThatThrownBy(() -> fromFile(nine))
                .isInstanceOf(AuthSettingException.class)
                .hasMessageContaining("must have at most 8 keys, and has 9");
    }

    @Test
    void jwkSetThatCannotBeUsedStopsStartAndIsNotQuoted() throws IOException {
        String ec = KeyPairs.jwk(KeyPairs.of("ES256").getPublic());
        List<List<String>> cases = List.of(
                List.of("{\"keys\":[]}", "has none"),
                List.of("{\"keys\":{}}", "'keys' is no array"),
                List.of("{\"keys\":[" + ec + "}", "is not a JSON object"),
                List.of("{\"keys\":[" + ec + "],\"keys\":[]}", "is not a JSON object"),
                List.of("{\"keys\":[" + ec + ",7]}", "key 2 is malformed"),
                List.of("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"hidden\"}]}", "key 1 is malformed"),
                List.of("{\"kty\":\"oct\",\"k\":\"\"}", "key 1 is malformed"),
                List.of("{\"kty\":\"unknown\"}", "key 1 is malformed"),
                List.of(KeyPairs.jwks(ec.replace("{", "{\"d\":\"hidden\",")), "key 1 is a private key"),
                List.of(KeyPairs.jwks(ec, secretJwk(40, "")), "either secrets or public keys, and has both"),
                List.of(secretJwk(31, ""), "too short for HS256"),
                List.of(secretJwk(40, ",\"alg\":\"HS512\""), "too short for HS512"));

        for (List<String> one : cases) {
            assertThatThrownBy(() -> fromFile(one.get(0)))
                    .as(one.get(0))
                    .isInstanceOf(AuthSettingException.class)
                    .hasMessageContaining(one.get(1))
                    .hasMessageNotContaining("hidden");
        }
    }

    /** Everyone knows a public key, and could sign tokens with it if it became a secret. */
    @Test
    void m21PublicKeyInAnotherFormatIsNoSecret() throws IOException {
        byte[] der = KeyPairs.of("RS256").getPublic().getEncoded();
        Path binary = Files.write(directory.resolve("key.der"), der);

        for (String content : List.of(
                Base64.getEncoder().encodeToString(der),
                Base64.getMimeEncoder().encodeToString(der) + "\n",
                "\ufeff{\"keys\": [{\"kty\": \"RSA\"}]}",
                "'{\"kty\":\"RSA\",\"n\":\"AQAB\"}'",
                "[{\"kty\": \"EC\"}]",
                "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----\n",
                new String(
                        "-----BEGIN PUBLIC KEY-----\nAAAA".getBytes(StandardCharsets.UTF_16LE),
                        StandardCharsets.ISO_8859_1),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJ1bm5pbmcgb3V0IG9mIGlkZWFzIGZvciBrZXlz me@here")) {
            assertThatThrownBy(() -> fromFile(content))
                    .isInstanceOf(AuthSettingException.class)
                    .hasMessageContaining("is a public key in another format");
        }
        assertThatThrownBy(() -> authenticator(clock, KEY_FILE + binary)).isInstanceOf(AuthSettingException.class);
    }
}
