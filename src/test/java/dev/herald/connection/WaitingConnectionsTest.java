package dev.herald.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Tests of connections without a request: those with a late head are closed, and the oldest beyond the bound. */
class WaitingConnectionsTest {
    private static final long TIMEOUT = 1_000_000;

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final AtomicLong now = new AtomicLong();
    private final List<String> ended = java.util.Collections.synchronizedList(new ArrayList<>());
    private final WaitingConnections waiting = new WaitingConnections(loop, TIMEOUT, 2, now::get);

    @AfterEach
    void stop() {
        loop.shutdownGracefully();
    }

    private WaitingConnections.Connection connection(String name) {
        return new WaitingConnections.Connection() {
            @Override
            public void cut() {
                ended.add("cut " + name);
            }

            @Override
            public void close() {
                ended.add("closed " + name);
            }
        };
    }

    private void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    @Test
    void lateHeadIsClosedAndARequestInProgressIsNot() {
        WaitingConnections.Connection busy = connection("busy");
        onLoop(() -> {
            waiting.awaitHead(connection("late"));
            waiting.awaitHead(busy);
            waiting.remove(busy);
            waiting.awaitRequest(connection("idle"));
        });

        onLoop(() -> now.addAndGet(TIMEOUT));

        eventually().until(() -> !ended.isEmpty());
        assertThat(ended).containsExactly("cut late");
    }

    /** Invariant 8. */
    @ParameterizedTest
    @MethodSource("dev.herald.hub.ErrorsTest#errors")
    void deadlineAppliesAgainAfterTheLoopRejectedATimer(Supplier<Error> error) {
        AtomicReference<Supplier<Error>> failure = new AtomicReference<>(error);
        DefaultEventLoop broken = new DefaultEventLoop() {
            @Override
            public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                Supplier<Error> now = failure.getAndSet(null);
                if (now != null) {
                    throw now.get();
                }
                return super.schedule(task, delay, unit);
            }
        };
        WaitingConnections late = new WaitingConnections(broken, TIMEOUT, 2, now::get);
        try {
            broken.submit(() -> {
                        assertThat(catchThrowable(() -> late.awaitHead(connection("first"))))
                                .isInstanceOf(Error.class);
                        late.awaitHead(connection("second"));
                        now.addAndGet(TIMEOUT);
                    })
                    .syncUninterruptibly();

            eventually().until(() -> ended.size() == 2);
            assertThat(ended).containsExactly("cut first", "cut second");
        } finally {
            broken.shutdownGracefully();
        }
    }

    @Test
    void oldestConnectionBeyondTheBoundIsClosed() {
        onLoop(() -> {
            for (int i = 0; i < 4; i++) {
                waiting.awaitHead(connection("head " + i));
                waiting.awaitRequest(connection("idle " + i));
            }
        });

        assertThat(ended).containsExactly("cut head 0", "closed idle 0", "cut head 1", "closed idle 1");
    }
}
