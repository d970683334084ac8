package dev.herald;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.smallrye.certs.CertificateGenerator;
import io.smallrye.certs.CertificateRequest;
import io.smallrye.certs.Format;

/** Self-signed certificates for localhost in PEM files, and the trust in them. */
public final class Certificates {
    /** A field, since the LogManager references loggers weakly. The generator logs four lines for each certificate. */
    private static final Logger GENERATOR = Logger.getLogger("io.smallrye.certs");

    private Certificates() {}

    /** Writes {@code name.crt}, {@code name.key} and {@code name-ca.crt}. */
    public static void generate(Path folder, String name) {
        GENERATOR.setLevel(Level.WARNING);
        try {
            Files.createDirectories(folder);
            new CertificateGenerator(folder, true)
                    .generate(new CertificateRequest()
                            .withName(name)
                            .withCN("localhost")
                            .withFormat(Format.PEM));
        } catch (Exception e) {
            throw new IllegalStateException("A certificate could not be made.", e);
        } finally {
            // The generator registers Bouncy Castle for the whole JVM. A hub has the JDK's providers only.
            Security.removeProvider("BC");
        }
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
