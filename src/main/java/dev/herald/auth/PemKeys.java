package dev.herald.auth;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Parser of public keys and certificates in PEM (RFC 7468). Of a certificate only the key is used: neither its dates nor
 * its signature are verified. A certificate that certifies the one before it belongs to a chain and gives no key.
 */
final class PemKeys {
    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern START = Pattern.compile(BEGIN);
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

    private final String setting;

    /** @param setting name of the setting, for messages */
    PemKeys(String setting) {
        this.setting = setting;
    }

    static boolean isPem(String text) {
        return text.contains(BEGIN);
    }

    /** Whether the bytes are a public key or a certificate in DER, so that they are no secret. */
    static boolean isPublicDer(byte[] bytes) {
        return publicKey(bytes).isPresent() || certificate(bytes).isPresent();
    }

    /**
     * The keys in their order; one or more.
     *
     * @throws AuthSettingException if there is anything else than public keys and certificates
     */
    List<Key> parse(String text) {
        if (text.contains("PRIVATE KEY-----")) {
            throw new AuthSettingException(
                    setting,
                    "must be a public key, and is a private one, which only the issuer of tokens needs:"
                            + " 'openssl pkey -in key.pem -pubout' prints its public key");
        }
        List<MatchResult> blocks = BLOCK.matcher(text).results().toList();
        if (blocks.size() < START.matcher(text).results().count()) {
            throw notPem("it is incomplete, or contains something other than base64");
        }
        List<Key> keys = new ArrayList<>();
        Optional<X509Certificate> before = Optional.empty();
        for (MatchResult block : blocks) {
            byte[] der = decode(block.group(2));
            if (!block.group(1).equals("CERTIFICATE")) {
                keys.add(key(block.group(1), der));
                before = Optional.empty();
                continue;
            }
            X509Certificate certificate = certificate(der).orElseThrow(() -> notPem("it contains no certificate"));
            if (before.filter(subject -> certifies(certificate, subject)).isEmpty()) {
                keys.add(certificate.getPublicKey());
            }
            before = Optional.of(certificate);
        }
        return keys;
    }

    private Key key(String label, byte[] der) {
        return switch (label) {
            case "PUBLIC KEY" ->
                publicKey(der)
                        .orElseThrow(() -> notPem("it contains no key of RSA, of the curves P-256, P-384 and P-521, or"
                                + " of Ed25519 and Ed448"));
            case "RSA PUBLIC KEY" ->
                throw notPem("it is an RSA key in PKCS#1: 'openssl rsa -RSAPublicKey_in -pubout' converts it");
            default -> throw notPem("it begins with '" + BEGIN + label + "-----'");
        };
    }

    private byte[] decode(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw notPem("it is not base64 between its first and last line");
        }
    }

    private static boolean certifies(X509Certificate issuer, X509Certificate subject) {
        try {
            subject.verify(issuer.getPublicKey());
            return subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Optional<PublicKey> publicKey(byte[] der) {
        return KEY_TYPES.stream().flatMap(type -> publicKey(type, der).stream()).findFirst();
    }

    private static Optional<PublicKey> publicKey(String type, byte[] der) {
        try {
            return Optional.of(KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static Optional<X509Certificate> certificate(byte[] der) {
        try {
            return Optional.of((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private AuthSettingException notPem(String reason) {
        return new AuthSettingException(setting, "must be a public key or certificate in PEM, and " + reason);
    }
}
