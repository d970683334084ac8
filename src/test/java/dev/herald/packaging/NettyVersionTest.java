package dev.herald.packaging;

import java.io.IOException;
import java.util.List;

import io.netty.channel.epoll.Native;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Version;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the hub runs on the Netty of {@code netty.version}. The Quarkus BOM names an older version, which has
 * faults that are fixed since. Runs in Quarkus, whose class loaders choose the jars.
 */
@QuarkusTest
class NettyVersionTest {

    @Test
    void everyArtifactHasTheVersionOfTheBuild() throws IOException {
        assertThat(Version.identify().values())
                .hasSizeGreaterThan(10)
                .extracting(Version::artifactVersion)
                .containsOnly(Netty.version());
    }

    @Test
    void networkClassesAreLoadedFromThoseArtifacts() throws IOException {
        String version = Netty.version();

        for (Class<?> loaded :
                List.of(HttpRequestDecoder.class, Http2ConnectionHandler.class, SslHandler.class, Native.class)) {
            assertThat(loaded.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .as(loaded.getSimpleName())
                    .matches(".*/netty-[a-z0-9-]+-" + version + "\\.jar");
        }
    }
}
