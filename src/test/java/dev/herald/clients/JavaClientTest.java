package dev.herald.clients;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.FaultEvent;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamEvent;
import com.launchdarkly.eventsource.StreamHttpErrorException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

import dev.herald.browser.CuttableProxy;
import dev.herald.guarded.GuardedHub;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of {@code com.launchdarkly:okhttp-eventsource}, with its token in the header. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class JavaClientTest {
    private final Updates updates = Updates.privateOnes();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger faults = new AtomicInteger();

    private EventSource.Builder client(String origin, String token) {
        return new EventSource.Builder(ConnectStrategy.http(URI.create(origin + updates.target()))
                        .header("Authorization", "Bearer " + token))
                .retryDelay(50, TimeUnit.MILLISECONDS);
    }

    private static String hub() {
        return "http://localhost:" + HubClient.port();
    }

    /** Reads until it is closed. */
    private void listen(EventSource source) {
        Thread reader = new Thread(() -> source.anyEvents().forEach(this::take));
        reader.setDaemon(true);
        reader.start();
    }

    private void take(StreamEvent event) {
        if (event instanceof MessageEvent message) {
            received.add(message.getData());
        } else if (event instanceof FaultEvent) {
            faults.incrementAndGet();
        }
    }

    @Test
    void receivesAllOnceInOrderDespiteRepeatedDisconnects() throws Exception {
        try (CuttableProxy proxy = new CuttableProxy(HubClient.port());
                EventSource source = client(proxy.origin(), updates.readersToken())
                        .errorStrategy(ErrorStrategy.alwaysContinue())
                        .build()) {
            source.start();
            listen(source);
            updates.publish();
            eventually().until(() -> received.size() == 1);

            updates.publishThroughCuts(proxy);

            eventually().until(() -> received.size() >= updates.data().size());
            assertThat(received).isEqualTo(updates.data());
            assertThat(faults).as("disconnects").hasPositiveValue();
        }
    }

    @Test
    void newClientResumesAfterAGivenId() throws Exception {
        updates.publish();
        String id = updates.publish();
        updates.publish();

        try (EventSource source =
                client(hub(), updates.readersToken()).lastEventId(id).build()) {
            MessageEvent next = source.readMessage();

            assertThat(next.getData()).isEqualTo("number 2");
            assertThat(next.getEventName()).isEqualTo("message");
            assertThat(source.getLastEventId()).isEqualTo(next.getLastEventId()).startsWith("urn:uuid:");
        }
    }

    @Test
    void invalidTokenIsReportedToTheClient() throws IOException {
        try (EventSource source = client(hub(), "forged").build()) {
            assertThatThrownBy(source::start)
                    .isInstanceOf(StreamHttpErrorException.class)
                    .extracting("code")
                    .isEqualTo(401);
        }
    }
}
