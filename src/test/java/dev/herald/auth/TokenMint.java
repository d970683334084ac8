package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Issuer of tokens by the JDK alone, so that the library that verifies them is not tested against itself. */
public final class TokenMint {
    /** The key of the dev and test profiles. */
    public static final String WELL_KNOWN_SECRET = "!ChangeThisMercureHubJWTSecretKey!";

    /** The key of subscribers, where tests need separate keys. */
    public static final String SUBSCRIBERS_SECRET = "a secret that subscribers' tokens are signed with";

    private final String header;
    private final Signer signer;

    private TokenMint(String header, Signer signer) {
        this.header = header;
        this.signer = signer;
    }

    /** Signs with HS256 and the well-known key. */
    public static TokenMint wellKnown() {
        return hmac("HS256", WELL_KNOWN_SECRET.getBytes(StandardCharsets.UTF_8));
    }

    /** Signs with one of HS256, HS384, HS512. */
    public static TokenMint hmac(String algorithm, byte[] secret) {
        return new TokenMint(header(algorithm), input -> {
            Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
            mac.init(new SecretKeySpec(secret, "HMAC"));
            return mac.doFinal(input);
        });
    }

    /** Signs with any of the other algorithms. */
    public static TokenMint of(String algorithm, PrivateKey key) {
        return new TokenMint(header(algorithm), input -> {
            Signature signature = signature(algorithm);
            signature.initSign(key);
            signature.update(input);
            return signature.sign();
        });
    }

    private static String header(String algorithm) {
        return "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}";
    }

    private static Signature signature(String algorithm) throws GeneralSecurityException {
        String bits = algorithm.substring(2);
        return switch (algorithm.substring(0, 2)) {
            case "RS" -> Signature.getInstance("SHA" + bits + "withRSA");
            case "PS" -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(pss(bits));
                yield pss;
            }
            case "ES" -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
            default -> Signature.getInstance("EdDSA");
        };
    }

    private static AlgorithmParameterSpec pss(String bits) {
        return new PSSParameterSpec(
                "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), Integer.parseInt(bits) / 8, 1);
    }

    /** The same signer under another header, as JSON. */
    public TokenMint withHeader(String json) {
        return new TokenMint(json, signer);
    }

    /** A token of these claims, as JSON. */
    public String token(String claims) {
        String input = base64url(header) + "." + base64url(claims);
        try {
            return input + "." + base64url(signer.sign(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64url(String text) {
        return base64url(text.getBytes(StandardCharsets.UTF_8));
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private interface Signer {
        byte[] sign(byte[] input) throws GeneralSecurityException;
    }
}
