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

/** A hub whose switches stand the other way than {@link Guarded}'s, and whose subscribers' key is a public one. */
public final class Switched implements QuarkusTestProfile {
    private static final Path PUBLIC = key("public");
    private static final Path PRIVATE = key("private");

    /** One pair in a run: the tests and the hub may be of two class loaders, each with statics of its own. */
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

    /** What subscribers' tokens are checked with, in PEM. */
    static String publicKey() {
        try {
            return Files.readString(PUBLIC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What subscribers' tokens are signed with. */
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
