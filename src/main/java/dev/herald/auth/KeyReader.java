package dev.herald.auth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reader of one configured key: a secret as text or file, or a public key or certificate in PEM (RFC 7468). Of a certificate
 * only the key is used: neither its dates nor its signature are verified.
 */
final class KeyReader {
    private static final int MAX_FILE_BYTES = 65_536;
    private static final String PEM = "-----BEGIN ";
    private static final Pattern PEM_BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

    private final String setting;

    /** @param setting name of the setting, for messages */
    KeyReader(String setting) {
        this.setting = setting;
    }

    /** @throws AuthSettingException if the text is PEM, but not a public key */
    Key text(String text) {
        // Environment files write the line breaks of PEM as \n.
        return text.contains(PEM) ? pem(text.replace("\\n", "\n")) : secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws AuthSettingException if the file cannot be read, or is PEM, but not a public key */
    Key file(String path) {
        byte[] bytes = bytes(path);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains(PEM) ? pem(text) : secret(withoutLineBreak(bytes));
    }

    private byte[] bytes(String path) {
        try (InputStream file = Files.newInputStream(Path.of(path))) {
            byte[] bytes = file.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new AuthSettingException(
                        setting,
                        "must be a file of at most " + MAX_FILE_BYTES + " bytes, and '" + path + "' is longer");
            }
            return bytes;
        } catch (IOException | InvalidPathException e) {
            throw new AuthSettingException(setting, "must be a readable file, and '" + path + "' is not: " + e);
        }
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

    private Key secret(byte[] bytes) {
        if (bytes.length == 0) {
            throw new AuthSettingException(setting, "must be a key, and is empty");
        }
        return new SecretKeySpec(bytes, "HMAC");
    }

    private Key pem(String text) {
        if (text.contains("PRIVATE KEY-----")) {
            throw new AuthSettingException(
                    setting,
                    "must be a public key, and is a private one, which only the issuer of tokens needs:"
                            + " 'openssl pkey -in key.pem -pubout' prints its public key");
        }
        Matcher block = PEM_BLOCK.matcher(text);
        if (!block.find()) {
            throw notPem("it is incomplete, or contains something other than base64");
        }
        byte[] der = decode(block.group(2));
        return switch (block.group(1)) {
            case "PUBLIC KEY" -> publicKey(der);
            case "CERTIFICATE" -> certificate(der);
            case "RSA PUBLIC KEY" ->
                throw notPem("it is an RSA key in PKCS#1: 'openssl rsa -RSAPublicKey_in -pubout' converts it");
            default -> throw notPem("it begins with '" + PEM + block.group(1) + "-----'");
        };
    }

    private byte[] decode(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw notPem("it is not base64 between its first and last line");
        }
    }

    private Key publicKey(byte[] der) {
        return KEY_TYPES.stream()
                .flatMap(type -> publicKey(type, der).stream())
                .findFirst()
                .orElseThrow(() -> notPem("it contains no key of RSA, of the curves P-256, P-384 and P-521, or of"
                        + " Ed25519 and Ed448"));
    }

    private static Optional<PublicKey> publicKey(String type, byte[] der) {
        try {
            return Optional.of(KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Key certificate(byte[] der) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        } catch (GeneralSecurityException e) {
            throw notPem("it contains no certificate");
        }
    }

    private AuthSettingException notPem(String reason) {
        return new AuthSettingException(setting, "must be a public key or certificate in PEM, and " + reason);
    }
}
