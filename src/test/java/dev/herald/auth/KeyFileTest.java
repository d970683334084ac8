package dev.herald.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.MovingClock;
import dev.herald.log.CapturedErrors;
import dev.herald.stats.KeyStats;

import static dev.herald.auth.Authenticators.authenticator;
import static dev.herald.auth.Authenticators.granted;
import static dev.herald.auth.Authenticators.rejection;
import static org.assertj.core.api.Assertions.assertThat;

/** A key file that is changed while the hub runs. */
class KeyFileTest {
    private static final KeyPair OLD = KeyPairs.another("old");
    private static final KeyPair NEW = KeyPairs.another("new");
    private static final String SETTING = "herald.auth.publisher.key-file";
    private static final String IN_USE = "The changed key file is in use. setting=" + SETTING;
    private static final String NOT_USED = "The key file cannot be used; the known keys stay in use. Correct it: ";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(KeyFile.class.getName(), Level.INFO);

    @TempDir
    private Path directory;

    private final MovingClock clock = new MovingClock();
    private Path file;
    private Authenticator authenticator;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("keys");
        start(pem(OLD));
    }

    private void start(String content, String... settings) throws IOException {
        Files.writeString(file, content);
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = SETTING + "=" + file;
        authenticator = authenticator(clock, all);
    }

    private static String pem(KeyPair pair) {
        return KeyPairs.pem(pair.getPublic());
    }

    private static TokenMint mint(KeyPair pair) {
        return TokenMint.of("ES256", pair.getPrivate());
    }

    /** Writes the file and reads it as often as it takes until a new content is used. */
    private void change(String content) throws IOException {
        Files.writeString(file, content);
        rereadTwice();
    }

    private void rereadTwice() {
        authenticator.rereadKeys();
        authenticator.rereadKeys();
    }

    private void accepts(TokenMint mint) {
        assertThat(granted(authenticator.publisher(Optional.of(mint.token("{}"))))
                        .anonymous())
                .isFalse();
    }

    private void rejects(TokenMint mint) {
        assertThat(rejection(authenticator.publisher(Optional.of(mint.token("{}")))))
                .isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void changedKeyReplacesTheOldOne() throws IOException {
        accepts(mint(OLD));
        rejects(mint(NEW));

        change(pem(NEW));

        accepts(mint(NEW));
        rejects(mint(OLD));
        assertThat(logged.lines()).containsExactly(IN_USE + " keys=1 added=1 removed=1");
    }

    @Test
    void cachedTokenOfARemovedKeyIsRejected() throws IOException {
        String token = mint(OLD).token("{\"mercure\":{\"publish\":[\"*\"]}}");
        granted(authenticator.publisher(Optional.of(token)));
        assertThat(authenticator.publisher(Optional.of(token)).toCompletableFuture())
                .as("cached")
                .isDone();

        change(pem(NEW));

        assertThat(rejection(authenticator.publisher(Optional.of(token)))).isInstanceOf(InvalidTokenException.class);
        logged.expect(IN_USE);
    }

    @Test
    void bothKeysAreAcceptedWhileTheFileHasBoth() throws IOException {
        change(pem(OLD) + pem(NEW));

        accepts(mint(OLD));
        accepts(mint(NEW));
        assertThat(logged.lines()).containsExactly(IN_USE + " keys=2 added=1 removed=0");
    }

    @Test
    void changedSecretReplacesTheOldOne() throws IOException {
        start("o".repeat(40));

        change("n".repeat(40));

        accepts(TokenMint.hmac("HS256", "n".repeat(40).getBytes(StandardCharsets.US_ASCII)));
        rejects(TokenMint.hmac("HS256", "o".repeat(40).getBytes(StandardCharsets.US_ASCII)));
        logged.expect(IN_USE);
    }

    @Test
    void symbolicLinkThatIsReplacedIsFollowed() throws IOException {
        Path secret = Files.createDirectory(directory.resolve("..2026_1"));
        Path next = Files.createDirectory(directory.resolve("..2026_2"));
        Files.writeString(secret.resolve("key.pem"), pem(OLD));
        Files.writeString(next.resolve("key.pem"), pem(NEW));
        Path data = Files.createSymbolicLink(directory.resolve("..data"), secret.getFileName());
        Path mounted = Files.createSymbolicLink(directory.resolve("key.pem"), Path.of("..data", "key.pem"));
        authenticator = authenticator(new MovingClock(), SETTING + "=" + mounted);

        // As Kubernetes updates a Secret: the link to the directory is replaced by a rename.
        Path renamed = Files.createSymbolicLink(directory.resolve("..data_tmp"), next.getFileName());
        Files.move(renamed, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        rereadTwice();

        accepts(mint(NEW));
        rejects(mint(OLD));
        logged.expect(IN_USE);
    }

    @Test
    void halfWrittenFileIsNotUsed() throws IOException {
        start("o".repeat(40));
        Files.writeString(file, "n".repeat(33));
        authenticator.rereadKeys();
        Files.writeString(file, "n".repeat(40));
        authenticator.rereadKeys();

        accepts(TokenMint.hmac("HS256", "o".repeat(40).getBytes(StandardCharsets.US_ASCII)));
        assertThat(logged.lines()).isEmpty();
        authenticator.rereadKeys();
        accepts(TokenMint.hmac("HS256", "n".repeat(40).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void fileThatIsMissingForAMomentIsNoError() throws IOException {
        Files.delete(file);
        authenticator.rereadKeys();
        change(pem(NEW));

        accepts(mint(NEW));
        assertThat(logged.lines()).containsExactly(IN_USE + " keys=1 added=1 removed=1");
    }

    @Test
    void brokenFileKeepsTheOldKeysAndIsReportedOnce() throws IOException {
        for (String broken : List.of("", "-----BEGIN PUBLIC KEY-----\nAAAA", "{\"keys\":[]}", "s".repeat(40))) {
            change(broken);
            rereadTwice();

            accepts(mint(OLD));
        }

        assertThat(logged.lines()).hasSize(4).allMatch(line -> line.startsWith(NOT_USED + "herald.auth.publisher"));
        assertThat(logged.lines().get(1)).contains("must be a public key or certificate in PEM, and it is incomplete");
        assertThat(String.join("", logged.lines())).doesNotContain("sss");
    }

    @Test
    void missingFileKeepsTheOldKeysUntilItIsBack() throws IOException {
        Files.delete(file);
        rereadTwice();
        rereadTwice();
        accepts(mint(OLD));

        change(pem(OLD));

        accepts(mint(OLD));
        assertThat(logged.lines())
                .hasSize(2)
                .satisfies(
                        lines -> assertThat(lines.get(0)).startsWith(NOT_USED + SETTING + " must be a readable file"))
                .endsWith("The key file can be used again. setting=" + SETTING);
    }

    @Test
    void ageAndUsabilityOfTheFileAreThoseOfItsLastReading() throws IOException {
        clock.advance(Duration.ofSeconds(10));
        authenticator.rereadKeys();
        assertThat(authenticator.publisherKeys()).isEqualTo(KeyStats.read(clock.instant(), true));
        Instant lastUsable = clock.instant();

        clock.advance(Duration.ofSeconds(10));
        change("broken");
        assertThat(authenticator.publisherKeys()).isEqualTo(KeyStats.read(lastUsable, false));
        Files.delete(file);
        clock.advance(Duration.ofSeconds(10));
        rereadTwice();
        assertThat(authenticator.publisherKeys()).isEqualTo(KeyStats.read(lastUsable, false));

        change(pem(NEW));
        assertThat(authenticator.publisherKeys()).isEqualTo(KeyStats.read(clock.instant(), true));
        assertThat(authenticator.subscriberKeys()).as("no key file").isEqualTo(KeyStats.NONE);
        logged.expect(NOT_USED, IN_USE);
    }

    @Test
    void m21SecretDoesNotReplaceAPublicKeyNorTheOtherWayRound() throws IOException {
        change("s".repeat(40));
        rejects(TokenMint.hmac("HS256", "s".repeat(40).getBytes(StandardCharsets.US_ASCII)));
        start("s".repeat(40));
        change(pem(NEW));

        rejects(TokenMint.hmac("HS256", pem(NEW).getBytes(StandardCharsets.US_ASCII)));
        rejects(mint(NEW));
        accepts(TokenMint.hmac("HS256", "s".repeat(40).getBytes(StandardCharsets.US_ASCII)));
        assertThat(logged.lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith(NOT_USED + "herald.auth.publisher.algorithms must not contain"));
    }

    @Test
    void m21KeyOfAnAlgorithmThatIsNotConfiguredIsNotUsed() throws IOException {
        KeyPair rsa = KeyPairs.of("RS256");
        change(pem(OLD) + pem(rsa));

        rejects(TokenMint.of("RS256", rsa.getPrivate()));
        assertThat(logged.lines())
                .singleElement()
                .asString()
                .startsWith(
                        NOT_USED + "herald.auth.publisher.algorithms must have an algorithm of each key, and is ES256");
    }

    @Test
    void keyOfAnotherKindReplacesTheOldOneIfItsAlgorithmIsConfigured() throws IOException {
        KeyPair rsa = KeyPairs.of("RS256");
        start(pem(OLD), "herald.auth.publisher.algorithms=ES256,RS256");

        change(pem(rsa));

        accepts(TokenMint.of("RS256", rsa.getPrivate()));
        rejects(mint(OLD));
        logged.expect(IN_USE);
    }

    @Test
    void unchangedFileLogsNothing() {
        rereadTwice();

        accepts(mint(OLD));
        assertThat(logged.lines()).isEmpty();
    }
}
