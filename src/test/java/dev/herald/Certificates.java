package dev.herald;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.smallrye.certs.CertificateGenerator;
import io.smallrye.certs.CertificateRequest;
import io.smallrye.certs.Format;

/** Self-signed certificates for localhost in PEM files. */
public final class Certificates {
    /** A field, since loggers are held weakly. The generator logs four lines for each certificate. */
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
        }
    }
}
