package dev.herald.auth;

import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;

import org.jose4j.jws.EcdsaUsingShaAlgorithm;
import org.jose4j.jws.EdDsaAlgorithm;
import org.jose4j.jws.HmacUsingShaAlgorithm;
import org.jose4j.jws.JsonWebSignatureAlgorithm;
import org.jose4j.jws.RsaUsingShaAlgorithm;
import org.jose4j.lang.InvalidKeyException;

/** Signature algorithm of tokens, named as in RFC 7518 §3.1 and RFC 8037 §3.1; {@code none} is left out. */
enum Algorithm {
    HS256(32),
    HS384(48),
    HS512(64),
    RS256(RSAPublicKey.class),
    RS384(RSAPublicKey.class),
    RS512(RSAPublicKey.class),
    PS256(RSAPublicKey.class),
    PS384(RSAPublicKey.class),
    PS512(RSAPublicKey.class),
    ES256(ECPublicKey.class),
    ES384(ECPublicKey.class),
    ES512(ECPublicKey.class),
    EdDSA(EdECPublicKey.class);

    private final Class<? extends Key> keyType;
    private final int secretBytes;

    /** @param secretBytes minimum size of a secret: that of the hash (RFC 7518 §3.2) */
    Algorithm(int secretBytes) {
        this.keyType = SecretKey.class;
        this.secretBytes = secretBytes;
    }

    Algorithm(Class<? extends Key> keyType) {
        this.keyType = keyType;
        this.secretBytes = 0;
    }

    /** The algorithm of a name, which is case-sensitive (RFC 7515 §4.1.1). */
    static Optional<Algorithm> named(String name) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.name().equals(name))
                .findFirst();
    }

    /** All names, for messages. */
    static String names() {
        return Arrays.stream(values()).map(Algorithm::name).collect(Collectors.joining(", "));
    }

    /** Whether signatures are made and verified with the same secret. */
    boolean symmetric() {
        return keyType == SecretKey.class;
    }

    /** Minimum size of a secret, in bytes. */
    int secretBytes() {
        return secretBytes;
    }

    /**
     * Whether {@code key} may verify signatures: it has the algorithm's type and curve, and the size that RFC 7518
     * requires (§3.2, §3.3). So an HMAC is never verified with a public key.
     */
    boolean fits(Key key) {
        try {
            implementation().validateVerificationKey(key);
            return keyType.isInstance(key);
        } catch (InvalidKeyException e) {
            return false;
        }
    }

    /** A new instance of the library's implementation, which is thread-safe. */
    JsonWebSignatureAlgorithm implementation() {
        return switch (this) {
            case HS256 -> new HmacUsingShaAlgorithm.HmacSha256();
            case HS384 -> new HmacUsingShaAlgorithm.HmacSha384();
            case HS512 -> new HmacUsingShaAlgorithm.HmacSha512();
            case RS256 -> new RsaUsingShaAlgorithm.RsaSha256();
            case RS384 -> new RsaUsingShaAlgorithm.RsaSha384();
            case RS512 -> new RsaUsingShaAlgorithm.RsaSha512();
            case PS256 -> new RsaUsingShaAlgorithm.RsaPssSha256();
            case PS384 -> new RsaUsingShaAlgorithm.RsaPssSha384();
            case PS512 -> new RsaUsingShaAlgorithm.RsaPssSha512();
            case ES256 -> new EcdsaUsingShaAlgorithm.EcdsaP256UsingSha256();
            case ES384 -> new EcdsaUsingShaAlgorithm.EcdsaP384UsingSha384();
            case ES512 -> new EcdsaUsingShaAlgorithm.EcdsaP521UsingSha512();
            case EdDSA -> new EdDsaAlgorithm();
        };
    }
}
