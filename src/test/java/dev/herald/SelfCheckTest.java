package dev.herald;

import java.util.List;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.auth.Authenticator;
import dev.herald.connection.AcceptedConnections;
import dev.herald.http.BodyReader;
import dev.herald.http.Clients;
import dev.herald.http.Credentials;
import dev.herald.http.HubPaths;
import dev.herald.http.PublishMeter;
import dev.herald.hub.Hub;
import dev.herald.hub.SseConfig;
import dev.herald.log.CapturedErrors;
import dev.herald.memory.HeapShares;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.stream.OutletFactory;
import dev.herald.web.AnswerSender;
import dev.herald.web.mercure.MercureDialect;
import dev.herald.web.quick.QuickDialect;

import static dev.herald.Patience.eventually;

/**
 * Tests of invariant 8 at the start: a self-check that an {@code Error} ends is reported, and does not leave the hub
 * unready for ever. An example is a class that cannot be loaded without a descriptor.
 */
@QuarkusTest
class SelfCheckTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(SelfCheck.class.getName());

    @Inject
    Vertx vertx;

    @Inject
    Hub hub;

    @Inject
    ActiveSubscriptions subscriptions;

    @Inject
    Authenticator authenticator;

    @Inject
    Credentials credentials;

    @Inject
    Clients clients;

    @Inject
    PublishMeter meter;

    @Inject
    BodyReader bodies;

    @Inject
    HubPaths paths;

    @Inject
    QuickDialect quick;

    @Inject
    MercureDialect mercure;

    @Inject
    SseConfig sse;

    @Inject
    OutletFactory outlets;

    @Inject
    AnswerSender sender;

    @Inject
    HeapShares heap;

    @Inject
    AcceptedConnections connections;

    @Test
    void errorInTheBackgroundEndsTheSelfCheckWithAWarning() {
        logged.expect("The self-check at the start failed.");
        SelfCheckRequests failing =
                new SelfCheckRequests(
                        authenticator,
                        credentials,
                        clients,
                        meter,
                        bodies,
                        paths,
                        quick,
                        mercure,
                        outlets,
                        sender,
                        heap) {
                    @Override
                    public List<String> others(String token) {
                        throw new NoClassDefFoundError("A test wants it.");
                    }
                };
        SelfCheck check = new SelfCheck(vertx, hub, subscriptions, authenticator, sse, failing, connections);

        check.run();

        eventually().until(() -> !check.running());
    }
}
