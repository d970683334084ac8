package dev.herald;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.auth.Authenticator;
import dev.herald.auth.Authenticators;
import dev.herald.auth.KeyPairs;
import dev.herald.auth.TokenMint;
import dev.herald.identity.Revocations;
import dev.herald.log.CapturedErrors;
import dev.herald.memory.HeapShares;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** The running hub rereads its key files. */
class AuthenticatorProducerTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.auth", Level.INFO);

    @TempDir
    private Path directory;

    @Test
    void keyFileIsRereadUntilTheHubStops() throws IOException {
        Path file = directory.resolve("key.pem");
        Files.writeString(file, KeyPairs.pem(KeyPairs.another("old").getPublic()));
        AuthenticatorProducer producer = new AuthenticatorProducer();
        Authenticator authenticator = producer.authenticator(
                Authenticators.config("herald.auth.publisher.key-file=" + file),
                HeapShares.of(1 << 30, false),
                Revocations.none());
        Optional<String> token = Optional.of(
                TokenMint.of("ES256", KeyPairs.another("new").getPrivate()).token("{}"));

        Files.writeString(file, KeyPairs.pem(KeyPairs.another("new").getPublic()));

        eventually().untilAsserted(() -> assertThat(logged.lines())
                .anyMatch(line -> line.startsWith("The changed key file is in use.")));
        assertThat(Patience.done(authenticator.publisher(token)).anonymous()).isFalse();
        producer.close(authenticator);
    }
}
