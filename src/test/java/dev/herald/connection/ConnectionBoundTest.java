package dev.herald.connection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.log.CapturedErrors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the bound on connections, which reserves descriptors for the files that the running hub opens (a class, a
 * key, the log). {@code FileDescriptorLimitIT} tests it with a real limit.
 */
class ConnectionBoundTest {
    private static final int BOUND = 3;

    private static final String FULL = "All connections that the limit of open files allows are in use.";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(ConnectionBound.class.getName());

    private final ConnectionBound bound = new ConnectionBound(() -> BOUND);
    private final Channel server = new EmbeddedChannel();
    private final Channel tlsServer = new EmbeddedChannel();
    private final List<Channel> connections = new ArrayList<>();

    @Test
    void connectionsAreAcceptedBelowTheBound() {
        bound.add(server);

        accept(BOUND - 1);

        assertThat(server.config().isAutoRead()).isTrue();
    }

    @Test
    void allServersPauseAtTheBound() {
        logged.expect(FULL);
        bound.add(server);
        bound.add(tlsServer);

        accept(BOUND);

        assertThat(server.config().isAutoRead()).isFalse();
        assertThat(tlsServer.config().isAutoRead()).isFalse();
    }

    @Test
    void serverAddedAtTheBoundPauses() {
        logged.expect(FULL);
        bound.add(server);
        accept(BOUND);

        bound.add(tlsServer);

        assertThat(tlsServer.config().isAutoRead()).isFalse();
    }

    @Test
    void allServersResumeWhenAConnectionCloses() {
        logged.expect(FULL);
        bound.add(server);
        bound.add(tlsServer);
        accept(BOUND);

        connections.get(0).close();

        assertThat(server.config().isAutoRead()).isTrue();
        assertThat(tlsServer.config().isAutoRead()).isTrue();
    }

    @Test
    void serversThatAcceptedMoreThanTheBoundResumeBelowIt() {
        logged.expect(FULL);
        bound.add(server);
        accept(BOUND + 2);

        connections.get(0).close();
        connections.get(1).close();
        assertThat(server.config().isAutoRead()).isFalse();
        connections.get(2).close();

        assertThat(server.config().isAutoRead()).isTrue();
    }

    @Test
    void closedConnectionOccupiesNoSlot() {
        bound.add(server);
        for (int i = 0; i < BOUND + 1; i++) {
            Channel closed = new EmbeddedChannel();
            closed.close();
            bound.accepted(closed);
        }

        accept(BOUND - 1);

        assertThat(server.config().isAutoRead()).isTrue();
    }

    @Test
    void serversAcceptAfterConcurrentOpensAndClosesOnSeveralThreads() throws Exception {
        logged.allow(FULL);
        bound.add(server);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> crowds = Collections.nCopies(4, this::comeAndGo);

            for (Future<Void> crowd : threads.invokeAll(crowds)) {
                crowd.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(server.config().isAutoRead()).isTrue();
    }

    private Void comeAndGo() {
        for (int i = 0; i < 5_000; i++) {
            Channel connection = new EmbeddedChannel();
            bound.accepted(connection);
            connection.close();
        }
        return null;
    }

    private void accept(int count) {
        for (int i = 0; i < count; i++) {
            Channel connection = new EmbeddedChannel();
            connections.add(connection);
            bound.accepted(connection);
        }
    }
}
