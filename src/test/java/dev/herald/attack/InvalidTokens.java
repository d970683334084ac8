package dev.herald.attack;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.herald.auth.TokenMint;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.KeyPairs;
import dev.herald.guarded.Tokens;

/** Invalid tokens by their fault. They claim all grants. */
final class InvalidTokens {
    private static final String MERCURE = "\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]}";
    private static final String CLAIMS = Tokens.claims(MERCURE);

    private final Map<String, String> tokens = new LinkedHashMap<>();

    private InvalidTokens() {}

    /** Tokens against a side with RS256, whose public key is known. */
    static Map<String, String> ofPublishers() {
        InvalidTokens forgeries = new InvalidTokens();
        forgeries.unsigned(Tokens.publishers());
        forgeries.changed(Tokens.publishers());
        forgeries.misplaced(Tokens.publishers());
        forgeries.signedWithThePublicKey();
        forgeries.signedWithAKeyThatTheTokenBrings();
        forgeries.put(
                "RS512, which is not accepted", mint -> Tokens.publishers().withHeader(header("RS512")));
        forgeries.put("a subscriber's key", mint -> Tokens.subscribers());
        forgeries.put("a subscriber's key, said to be RS256", mint -> Tokens.subscribers()
                .withHeader(header("RS256")));
        return forgeries.tokens;
    }

    /** Tokens against a side with a shared secret. */
    static Map<String, String> ofSubscribers() {
        InvalidTokens forgeries = new InvalidTokens();
        forgeries.unsigned(Tokens.subscribers());
        forgeries.changed(Tokens.subscribers());
        forgeries.misplaced(Tokens.subscribers());
        for (String algorithm : List.of("HS384", "HS512")) {
            forgeries.put(
                    algorithm + ", which is not accepted",
                    mint -> TokenMint.hmac(algorithm, bytes(Tokens.SUBSCRIBER_SECRET)));
        }
        for (String secret : List.of(
                " ",
                "secret",
                TokenMint.WELL_KNOWN_SECRET,
                Tokens.SUBSCRIBER_SECRET + "\n",
                Tokens.SUBSCRIBER_SECRET + "\0x")) {
            forgeries.put("the secret '" + secret + "'", mint -> TokenMint.hmac("HS256", bytes(secret)));
        }
        forgeries.put("a publisher's key", mint -> Tokens.publishers());
        forgeries.put("a publisher's key, said to be HS256", mint -> Tokens.publishers()
                .withHeader(header("HS256")));
        return forgeries.tokens;
    }

    private void put(String name, java.util.function.UnaryOperator<TokenMint> mint) {
        tokens.put(name, mint.apply(null).token(CLAIMS));
    }

    private void unsigned(TokenMint genuine) {
        String signature = part(genuine.token(CLAIMS), 2);
        for (String alg : List.of(
                "\"none\"",
                "\"None\"",
                "\"NONE\"",
                "\"nOnE\"",
                "\" none\"",
                "\"none \"",
                "\"none\\u0000\"",
                "\"ｎｏｎｅ\"",
                "\"\"",
                "null",
                "0",
                "true",
                "[\"none\"]",
                "{\"none\":1}",
                "\"none\",\"alg\":\"none\"")) {
            String signed = base64url("{\"alg\":" + alg + ",\"typ\":\"JWT\"}") + "." + base64url(CLAIMS);
            tokens.put("alg " + alg, signed + ".");
            tokens.put("alg " + alg + " without a place for a signature", signed);
            tokens.put("alg " + alg + " with a signature", signed + "." + signature);
        }
        tokens.put("no alg", base64url("{}") + "." + base64url(CLAIMS) + ".");
        tokens.put("no header", "." + base64url(CLAIMS) + "." + signature);
        tokens.put("no signature", genuine.token(CLAIMS).replaceFirst("[^.]*$", ""));
        tokens.put("zeros for a signature", genuine.token(CLAIMS).replaceFirst("[^.]*$", "A".repeat(342)));
    }

    private void changed(TokenMint genuine) {
        String token = genuine.token(CLAIMS);
        String modest = genuine.token(Tokens.claims("\"mercure\":{}"));
        tokens.put("claims of one's own", part(modest, 0) + "." + base64url(CLAIMS) + "." + part(modest, 2));
        tokens.put(
                "a bit of the signature",
                token.substring(0, token.length() - 10)
                        + (token.charAt(token.length() - 10) == 'A' ? "B" : "A")
                        + token.substring(token.length() - 9));
        for (int left : List.of(
                1, 10, token.indexOf('.'), token.lastIndexOf('.') - 1, token.length() - 4, token.length() - 1)) {
            tokens.put("cut after " + left, token.substring(0, left));
        }
        tokens.put("a fourth part", token + ".x");
        tokens.put("five parts, as encrypted ones have", token + ".x.y");
        tokens.put("two in one", token + "," + token);
        tokens.put("a blank in it", token.replaceFirst("\\.", ". "));
        tokens.put("a character too many", token + "A");
        tokens.put("quoted", "\"" + token + "\"");
        tokens.put("nothing", "");
        tokens.put("no token at all", "let me in");
    }

    private void misplaced(TokenMint genuine) {
        long now = Instant.now().getEpochSecond();
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("expired", Tokens.claims("\"exp\":" + (now - 1) + "," + MERCURE));
        claims.put("expired in 1970", Tokens.claims("\"exp\":0," + MERCURE));
        claims.put("expired before 1970", Tokens.claims("\"exp\":-1e300," + MERCURE));
        claims.put("an end in words", Tokens.claims("\"exp\":\"" + (now + 1_000) + "\"," + MERCURE));
        claims.put("an end of null", Tokens.claims("\"exp\":null," + MERCURE));
        claims.put("two ends", Tokens.claims("\"exp\":" + (now - 1) + ",\"exp\":" + (now + 1_000) + "," + MERCURE));
        claims.put("an end in milliseconds", Tokens.claims("\"exp\":" + (now + 1_000) + "000," + MERCURE));
        claims.put("a beginning in milliseconds", Tokens.claims("\"nbf\":" + (now - 1_000) + "000," + MERCURE));
        claims.put("issued in milliseconds", Tokens.claims("\"iat\":" + (now - 1_000) + "000," + MERCURE));
        claims.put("not valid yet", Tokens.claims("\"nbf\":" + (now + 60) + "," + MERCURE));
        claims.put("never valid", Tokens.claims("\"nbf\":1e300," + MERCURE));
        claims.put("of nobody", "{" + MERCURE + "}");
        for (String issuer : List.of(
                "\"https://evil.example\"",
                "\"" + GuardedHub.ISSUER + "/\"",
                "\"" + GuardedHub.ISSUER.toUpperCase() + "\"",
                "[\"" + GuardedHub.ISSUER + "\"]",
                "null",
                "\"https://evil.example\",\"iss\":\"" + GuardedHub.ISSUER + "\"")) {
            claims.put("of the issuer " + issuer, "{\"iss\":" + issuer + "," + MERCURE + "}");
        }
        claims.put("no JSON", "let me in");
        claims.put("an array", "[" + CLAIMS + "]");
        claims.put("two objects", CLAIMS + CLAIMS);
        claims.put("selectors in a string", Tokens.claims("\"mercure\":{\"publish\":\"*\",\"subscribe\":\"*\"}"));
        claims.forEach((name, json) -> tokens.put(name, genuine.token(json)));
        tokens.put(
                "an extension that must be understood",
                genuine.withHeader(header(name(genuine), "\"crit\":[\"exp\"],\"exp\":1"))
                        .token(CLAIMS));
        tokens.put(
                "claims that are not encoded",
                genuine.withHeader(header(name(genuine), "\"crit\":[\"b64\"],\"b64\":false"))
                        .token(CLAIMS));
    }

    /** Algorithm confusion: an HMAC with the public key as its secret. */
    private void signedWithThePublicKey() {
        String pem = KeyPairs.publicPem();
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        secrets.put("as PEM", bytes(pem));
        secrets.put("as PEM without the last line's end", bytes(pem.strip()));
        secrets.put("as PEM with CRLF", bytes(pem.replace("\n", "\r\n")));
        secrets.put("as PEM in one line", bytes(pem.replace("\n", "\\n")));
        secrets.put("as base64", bytes(base64));
        secrets.put("as DER", Base64.getDecoder().decode(base64));
        secrets.forEach((form, secret) -> List.of("HS256", "HS384", "HS512").forEach(algorithm -> {
            put(algorithm + " with the public key " + form, mint -> TokenMint.hmac(algorithm, secret));
            put(
                    algorithm + " with the public key " + form + ", said to be RS256",
                    mint -> TokenMint.hmac(algorithm, secret).withHeader(header("RS256")));
        }));
    }

    private void signedWithAKeyThatTheTokenBrings() {
        KeyPair own = KeyPairs.pair();
        RSAPublicKey key = (RSAPublicKey) own.getPublic();
        TokenMint mint = TokenMint.of("RS256", own.getPrivate());
        String jwk = "{\"kty\":\"RSA\",\"kid\":\"1\",\"n\":\""
                + base64url(key.getModulus().toByteArray()) + "\",\"e\":\"AQAB\"}";
        tokens.put("another key", mint.token(CLAIMS));
        for (String member : List.of(
                "\"jwk\":" + jwk,
                "\"jku\":\"" + "http://localhost/keys\"",
                "\"x5u\":\"http://localhost/key.pem\"",
                "\"x5c\":[\"" + Base64.getEncoder().encodeToString(key.getEncoded()) + "\"]",
                "\"kid\":\"../../../../dev/null\"",
                "\"kid\":\"' OR 1=1 --\"")) {
            tokens.put(
                    "another key, and " + member.substring(0, 12),
                    mint.withHeader(header("RS256", member)).token(CLAIMS));
        }
    }

    private static String header(String algorithm, String... members) {
        return "{\"alg\":\"" + algorithm + "\"" + (members.length == 0 ? "" : "," + String.join(",", members)) + "}";
    }

    private static String name(TokenMint genuine) {
        String header = new String(Base64.getUrlDecoder().decode(part(genuine.token("{}"), 0)), StandardCharsets.UTF_8);
        return header.substring(8, 13);
    }

    private static String part(String token, int index) {
        return token.split("\\.")[index];
    }

    private static String base64url(String text) {
        return base64url(bytes(text));
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
