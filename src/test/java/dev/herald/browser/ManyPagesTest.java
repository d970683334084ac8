package dev.herald.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.microsoft.playwright.BrowserContext;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.certs.CertificateGenerator;
import io.smallrye.certs.CertificateRequest;
import io.smallrye.certs.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of more pages than the six HTTP/1.1 connections that a browser opens to a host. */
@QuarkusTest
@TestProfile(ManyPagesTest.Tls.class)
class ManyPagesTest {
    private static final int PAGES = 10;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @TestHTTPResource(value = "/", tls = true)
    URL address;

    @Test
    void eachPageGetsEveryMessageOverOneHttp2Connection() {
        BrowserContext profile = CHROMIUM.profile();
        List<ClientPage> pages = Stream.generate(() -> ClientPage.open(profile, address.toString()))
                .limit(PAGES)
                .toList();

        pages.get(0).send("from the first");
        pages.get(0).awaitLines("message: from the first");
        pages.get(PAGES - 1).send("from the last");

        for (ClientPage page : pages) {
            page.awaitLines("message: from the first", "message: from the last");
            assertThat(page.tab().evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol"))
                    .isEqualTo("h2");
        }
    }

    /** Test profile with a self-signed certificate, since browsers use HTTP/2 over TLS only. */
    public static class Tls implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Path folder = certificate();
            return Map.of(
                    "quarkus.tls.key-store.pem.hub.cert",
                            folder.resolve("hub.crt").toString(),
                    "quarkus.tls.key-store.pem.hub.key",
                            folder.resolve("hub.key").toString());
        }

        private static Path certificate() {
            try {
                Path folder = Files.createDirectories(Path.of("target", "certificates"));
                new CertificateGenerator(folder, true)
                        .generate(new CertificateRequest()
                                .withName("hub")
                                .withFormat(Format.PEM)
                                .withCN("localhost"));
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new IllegalStateException("No certificate could be made.", e);
            }
        }
    }
}
