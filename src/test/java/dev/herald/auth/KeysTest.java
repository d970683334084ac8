package dev.herald.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
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
        Certificates.generate(directory, "issuer");
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
                .hasMessageContaining("must not contain " + algorithm + ": the key fits only")
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
                .hasMessageContaining("the curves are P-256, P-384, P-521, Ed25519 and Ed448");
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
}
