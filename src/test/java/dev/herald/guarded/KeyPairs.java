package dev.herald.guarded;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.eclipse.microprofile.config.ConfigProvider;

/** Test resource that creates a key pair when the hub starts: the hub gets the public key, tests the private one. */
public final class KeyPairs implements QuarkusTestResourceLifecycleManager {
    private static final String PUBLIC = "herald.auth.publisher.key";
    private static final String PRIVATE = "test.publisher.private-key";
    private static final int BITS = 2_048;

    @Override
    public Map<String, String> start() {
        KeyPair pair = pair();
        return Map.of(
                PUBLIC,
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n",
                PRIVATE,
                Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
    }

    /** Creates a new key pair. */
    public static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Public key of the hub, in PEM. */
    public static String publicPem() {
        return ConfigProvider.getConfig().getValue(PUBLIC, String.class);
    }

    /** Private key that signs publishers' tokens. */
    static PrivateKey privateKey() {
        String base64 = ConfigProvider.getConfig().getValue(PRIVATE, String.class);
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        // Nothing open.
    }
}
