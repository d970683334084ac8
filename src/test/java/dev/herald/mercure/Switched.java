package dev.herald.mercure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/** Test profile with the opposite switches of {@link Guarded} and a public key for subscribers. */
public final class Switched implements QuarkusTestProfile {
    private static final Path PUBLIC = key("public");
    private static final Path PRIVATE = key("private");

    /** One key pair per run: tests and hub may be in two class loaders, each with its own statics. */
    private static Path key(String name) {
        return Path.of("target", "clauses", ProcessHandle.current().pid() + "-" + name + ".key")
                .toAbsolutePath();
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        if (!Files.exists(PRIVATE)) {
            makeKeys();
        }
        return Map.of(
                "herald.open", "false",
                "herald.auth.subscriber.key", publicKey(),
                "herald.auth.anonymous.publish", "true",
                "herald.auth.anonymous.subscribe", "false",
                "herald.auth.cookie.name", "hub",
                "herald.cors.origins", "*," + Guarded.LISTED,
                "herald.subscriptions.api", "false");
    }

    private static void makeKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            String encoded =
                    Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
            Files.createDirectories(PRIVATE.getParent());
            Files.writeString(PUBLIC, "-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n");
            Files.write(PRIVATE, pair.getPrivate().getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Public key that verifies subscribers' tokens, in PEM. */
    static String publicKey() {
        try {
            return Files.readString(PUBLIC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Private key that signs subscribers' tokens. */
    static PrivateKey privateKey() {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(PRIVATE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
