package dev.herald.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.JsonNode;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.KeyOperations;
import org.jose4j.jwk.Use;
import org.jose4j.lang.JoseException;

import dev.herald.auth.KeyRing.Entry;

/**
 * Reader of configured keys, as text or from a file. They are public keys or certificates in PEM ({@link PemKeys}), a
 * JWK set or a JWK (RFC 7517), or anything else as one secret. Messages contain no key. Decision 211.
 */
final class KeyReader {
    private static final int MAX_FILE_BYTES = 65_536;

    /** Public keys of OpenSSH; of PEM, SSH2 or JSON, also in UTF-16, in quotes or behind a byte order mark. */
    private static final Pattern PUBLIC_TEXT =
            Pattern.compile("^(ssh-|ecdsa-sha2-)|BEGIN [A-Z0-9 ]*(KEY|CERTIFICATE)|\\\\?\"(kty|keys)\\\\?\"\\s*:");

    private final String setting;

    /** @param setting name of the setting, for messages */
    KeyReader(String setting) {
        this.setting = setting;
    }

    /** Bytes of a key file. */
    record Content(byte[] bytes) {
        /** SHA-256, by which contents are compared: a copy of a secret need not be kept. */
        String digest() {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JVM has SHA-256.", e);
            }
        }
    }

    /** Name of the setting. */
    String setting() {
        return setting;
    }

    /** @throws AuthSettingException if the text is PEM or JSON without usable keys, or an empty secret */
    KeyRing text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Environment files write the line breaks of PEM as \n.
        return keys(text.replace("\\n", "\n"), bytes, bytes);
    }

    /** @throws AuthSettingException if the file cannot be read, or is too long */
    Content content(String path) {
        try (InputStream file = Files.newInputStream(Path.of(path))) {
            byte[] bytes = file.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new AuthSettingException(
                        setting,
                        "must be a file of at most " + MAX_FILE_BYTES + " bytes, and '" + path + "' is longer");
            }
            return new Content(bytes);
        } catch (IOException | InvalidPathException e) {
            throw new AuthSettingException(setting, "must be a readable file, and '" + path + "' is not: " + e);
        }
    }

    /** @throws AuthSettingException as {@link #text} */
    KeyRing keys(Content content) {
        byte[] bytes = content.bytes();
        return keys(new String(bytes, StandardCharsets.ISO_8859_1), bytes, withoutLineBreak(bytes));
    }

    private KeyRing keys(String text, byte[] bytes, byte[] secret) {
        if (PemKeys.isPem(text)) {
            return ring(new PemKeys(setting).parse(text).stream().map(Entry::of).toList());
        }
        return isJwk(text) ? ring(jwks(bytes)) : KeyRing.of(secret(secret));
    }

    private KeyRing ring(List<Entry> all) {
        List<Entry> entries = all.stream().distinct().toList();
        if (entries.isEmpty()) {
            throw new AuthSettingException(setting, "must have a key that verifies signatures, and has none");
        }
        if (entries.size() > KeyRing.MAX_KEYS) {
            throw new AuthSettingException(
                    setting,
                    "must have at most " + KeyRing.MAX_KEYS + " keys, and has " + entries.size()
                            + ": remove those that sign no tokens any longer");
        }
        if (entries.stream().map(Entry::secret).distinct().count() > 1) {
            throw new AuthSettingException(
                    setting, "must have either secrets or public keys, and has both: tokens are signed with one kind");
        }
        return new KeyRing(entries);
    }

    /** Editors and {@code echo} end a file with a line break, which is not part of the secret. */
    private static byte[] withoutLineBreak(byte[] bytes) {
        int length = bytes.length;
        if (length > 0 && bytes[length - 1] == '\n') {
            length--;
            if (length > 0 && bytes[length - 1] == '\r') {
                length--;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    /** A public key must not become a secret because of its format: everyone could sign tokens with it. */
    private Key secret(byte[] bytes) {
        if (bytes.length == 0) {
            throw new AuthSettingException(setting, "must be a key, and is empty");
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (PUBLIC_TEXT.matcher(text.replace("\0", "")).find()
                || PemKeys.isPublicDer(bytes)
                || PemKeys.isPublicDer(base64(text))) {
            throw new AuthSettingException(
                    setting,
                    "must be a secret, or a public key or certificate in PEM, and is a public key in another format");
        }
        return new SecretKeySpec(bytes, "HMAC");
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Both names are those of members that a JWK set or a JWK must have. */
    private static boolean isJwk(String text) {
        return text.stripLeading().startsWith("{") && (text.contains("\"keys\"") || text.contains("\"kty\""));
    }

    /** Keys for other purposes are ignored, as in the sets of issuers; malformed ones are not. */
    private List<Entry> jwks(byte[] utf8) {
        JsonNode json =
                Json.object(utf8).orElseThrow(() -> notJwk("it is not a JSON object with unique names in UTF-8"));
        JsonNode listed = json.path("keys");
        if (!json.has("kty") && !listed.isArray()) {
            throw notJwk("its member 'keys' is no array");
        }
        List<Entry> entries = new ArrayList<>();
        if (json.has("kty")) {
            jwk(1, json).ifPresent(entries::add);
        } else {
            for (int i = 0; i < listed.size(); i++) {
                jwk(i + 1, listed.get(i)).ifPresent(entries::add);
            }
        }
        return entries;
    }

    private Optional<Entry> jwk(int number, JsonNode json) {
        boolean symmetric = json.path("kty").asText().equals("oct");
        if (!symmetric && json.has("d")) {
            throw notJwk(
                    "key " + number + " is a private key, which only the issuer of tokens needs: remove its private"
                            + " members, such as 'd'");
        }
        try {
            JsonWebKey jwk = JsonWebKey.Factory.newJwk(json.toString());
            Optional<Algorithm> algorithm =
                    Optional.ofNullable(jwk.getAlgorithm()).flatMap(Algorithm::named);
            if (!verifiesSignatures(jwk) || jwk.getAlgorithm() != null && algorithm.isEmpty()) {
                return Optional.empty();
            }
            Key key = symmetric ? new SecretKeySpec(jwk.getKey().getEncoded(), "HMAC") : jwk.getKey();
            return Optional.of(new Entry(Optional.ofNullable(jwk.getKeyId()), algorithm, key));
        } catch (JoseException | RuntimeException e) {
            // The message is not quoted, since it may contain members. The library does not declare all that it throws.
            throw notJwk("key " + number + " is malformed, or of a type or curve that no accepted algorithm has");
        }
    }

    private static boolean verifiesSignatures(JsonWebKey jwk) {
        return (jwk.getUse() == null || jwk.getUse().equals(Use.SIGNATURE))
                && (jwk.getKeyOps() == null || jwk.getKeyOps().contains(KeyOperations.VERIFY));
    }

    private AuthSettingException notJwk(String reason) {
        return new AuthSettingException(setting, "must be a JWK set of public keys or of secrets, and " + reason);
    }
}
