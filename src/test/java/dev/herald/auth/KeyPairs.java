package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/** Key pairs for tests, each generated once in a run. */
public final class KeyPairs {
    private static final Map<String, KeyPair> MADE = new ConcurrentHashMap<>();

    private KeyPairs() {}

    /** A pair for tokens of that algorithm. */
    public static KeyPair of(String algorithm) {
        return switch (algorithm) {
            case "ES256" -> of("EC", new ECGenParameterSpec("secp256r1"), "P-256");
            case "ES384" -> of("EC", new ECGenParameterSpec("secp384r1"), "P-384");
            case "ES512" -> of("EC", new ECGenParameterSpec("secp521r1"), "P-521");
            case "EdDSA" -> of("EdDSA", NamedParameterSpec.ED25519, "Ed25519");
            default -> rsa(2_048, "RSA");
        };
    }

    /** Another pair of the same kind, for each name. */
    public static KeyPair another(String name) {
        return of("EC", new ECGenParameterSpec("secp256r1"), name);
    }

    static KeyPair rsa(int bits, String name) {
        return of("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4), name);
    }

    static KeyPair ed448() {
        return of("EdDSA", NamedParameterSpec.ED448, "Ed448");
    }

    private static KeyPair of(String kind, AlgorithmParameterSpec parameters, String name) {
        return MADE.computeIfAbsent(name, first -> {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
                generator.initialize(parameters);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    public static String pem(PublicKey key) {
        return pem("PUBLIC KEY", key.getEncoded());
    }

    static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** A JWK of that key, with additional members such as {@code "kid":"a"}. */
    static String jwk(PublicKey key, String... members) {
        try {
            String json = PublicJsonWebKey.Factory.newPublicJwk(key).toJson();
            String more = String.join(",", members);
            return more.isEmpty() ? json : json.substring(0, json.length() - 1) + "," + more + "}";
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String jwks(String... jwks) {
        return "{\"keys\":[" + String.join(",", jwks) + "]}";
    }
}
