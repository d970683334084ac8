package dev.herald;

import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Self-signed certificates for localhost in PEM files, and the trust in them. */
public final class Certificates {
    private static final Duration VALIDITY = Duration.ofDays(365);
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Certificates() {}

    /**
     * Writes {@code name.crt} and {@code name.key}, of an elliptic curve: where only the first compiler runs, a key for RSA
     * takes up to a second, and each handshake with it many milliseconds.
     */
    public static void generate(Path folder, String name) {
        generate(folder, name, "EC", new ECGenParameterSpec("secp256r1"), "SHA256withECDSA");
    }

    /** As {@link #generate(Path, String)}, for RSA. */
    public static void generateForRsa(Path folder, String name) {
        generate(folder, name, "RSA", new RSAKeyGenParameterSpec(2_048, RSAKeyGenParameterSpec.F4), "SHA256withRSA");
    }

    private static void generate(
            Path folder, String name, String algorithm, AlgorithmParameterSpec parameters, String signature) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters);
            KeyPair pair = generator.generateKeyPair();
            Files.createDirectories(folder);
            write(
                    folder.resolve(name + ".key"),
                    "PRIVATE KEY",
                    pair.getPrivate().getEncoded());
            write(folder.resolve(name + ".crt"), "CERTIFICATE", selfSigned(pair, signature));
        } catch (Exception e) {
            throw new IllegalStateException("A certificate could not be made.", e);
        }
    }

    private static byte[] selfSigned(KeyPair pair, String signature) throws Exception {
        Instant now = Instant.now();
        X500Principal name = new X500Principal("CN=localhost");
        GeneralName[] names = {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        };
        return new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.valueOf(now.toEpochMilli()),
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(VALIDITY)),
                        name,
                        pair.getPublic())
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names))
                .build(new JcaContentSignerBuilder(signature).build(pair.getPrivate()))
                .getEncoded();
    }

    private static void write(Path file, String type, byte[] content) throws Exception {
        Files.writeString(
                file,
                "-----BEGIN " + type + "-----\n" + LINES.encodeToString(content) + "\n-----END " + type + "-----\n");
    }

    /** Trusts the certificate in a PEM file, and no other. */
    public static SSLContext trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("hub", read(certificate));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** The certificate in a PEM file. */
    public static Certificate read(Path certificate) throws Exception {
        try (InputStream pem = Files.newInputStream(certificate)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }
}
