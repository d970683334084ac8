package dev.herald.clients;

import java.util.List;
import java.util.UUID;

import com.microsoft.playwright.Page;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.browser.Chromium;
import dev.herald.clients.Proxy.Run;
import dev.herald.web.HubClient;
import dev.herald.web.ShortRetentionProfile;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of a browser page behind a proxy: its streams share a connection, and it publishes. */
@QuarkusTest
@TestProfile(ShortRetentionProfile.class)
class ProxyPageTest {
    /** More than the HTTP/1.1 connections that a browser opens to one host. */
    private static final int STREAMS = 8;

    /** Opens the streams, publishes when all are live, and resolves with the messages of each after {}. */
    private static final String TALK = """
            async ([topic, count]) => {
                const streams = Array.from({ length: count }, () => new EventSource(`/SSE?topic=${topic}`));
                const next = stream => new Promise(done => (stream.onmessage = ({ data }) => done(data)));
                await Promise.all(streams.map(next));
                const received = Promise.all(streams.map(next));
                const answer = await fetch(`/message?topic=${topic}`, { method: 'POST', body: '{"say":"hello"}' });
                return [answer.status, performance.getEntriesByType('navigation')[0].nextHopProtocol,
                    new Set(await received).size, await received.then(all => all[0])].map(String);
            }""";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void pagePublishesAndItsStreamsShareAConnection(Proxy program) throws Exception {
        try (Run proxy = program.start(HubClient.port())) {
            Page page = CHROMIUM.profile().newPage();
            page.navigate(proxy.origin() + "/sse");

            Object said = page.evaluate(TALK, List.of(UUID.randomUUID().toString(), STREAMS));

            assertThat(said).isEqualTo(List.of("200", "h2", "1", "{\"say\":\"hello\"}"));
        }
    }
}
