package dev.herald.http;

import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.Patience;
import dev.herald.limit.BodyMeter;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of invariant 8: a body of which a part does not fit in memory fails as a whole. Nothing is published of the
 * other parts, and its reserved memory is released.
 */
class BodyReaderTest {
    private final Vertx vertx = Vertx.vertx();
    private final HeapShares heap = HeapShares.of(64 << 20, false);
    private final BodyReader reader = new BodyReader(vertx, new Limits(Patience.LIMIT), heap);
    private final Reservation head = new Reservation(heap.bodies());

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    @ParameterizedTest
    @MethodSource("dev.herald.hub.ErrorsTest#errors")
    void invariant8BodyWithAChunkThatCannotBeKeptFails(Supplier<Error> error) {
        Handlers request = new Handlers();
        CompletableFuture<String> body = reader.read(
                        request.request(), bytes -> new String(bytes, StandardCharsets.UTF_8), BodyMeter.FREE, head)
                .subscribeAsCompletionStage();

        request.deliver(Buffer.buffer("a"));
        request.deliver(unreadable(error));
        request.deliver(Buffer.buffer("c"));
        request.end.handle(null);

        assertThat(body).failsWithin(Patience.LIMIT).withThrowableThat().withCauseInstanceOf(Error.class);
        assertThat(heap.bodies().reserved()).isZero();
        assertThat(heap.updates().reserved()).isZero();
    }

    @Test
    void invariant6OtherTasksRunBetweenPartsThatAreParsedForLong() {
        Handlers request = new Handlers();
        SlowParser parser = new SlowParser();
        CompletableFuture<Integer> body =
                reader.read(request.request(), parser, BodyMeter.FREE, head).subscribeAsCompletionStage();
        assertThat(request.calls).containsExactly("resume");

        request.deliver(Buffer.buffer("a"));

        assertThat(request.calls).startsWith("resume", "pause");
        eventually().untilAsserted(() -> assertThat(request.calls).containsExactly("resume", "pause", "resume"));
        request.end.handle(null);
        assertThat(body).isCompletedWithValue(1);
        assertThat(parser.closed).as("left to the caller").isFalse();
    }

    /** A stream over HTTP/2 keeps its request, which would keep the body that selected it. */
    @Test
    void requestKeepsNoHandlerOfACompleteBody() {
        Handlers request = new Handlers();
        CompletableFuture<Integer> body = reader.read(
                        request.request(), bytes -> bytes.length, new Reservation(heap.streams()))
                .subscribeAsCompletionStage();

        request.deliver(Buffer.buffer("abc"));
        assertThat(heap.streams().reserved()).isPositive();
        assertThat(heap.bodies().reserved()).as("budget of publishers").isZero();
        request.end.handle(null);

        assertThat(body).isCompletedWithValue(3);
        assertThat(heap.streams().reserved()).isZero();
        assertThat(request.chunk).isNull();
        assertThat(request.end).isNull();
    }

    @Test
    void failureOfTheMeterClosesTheParser() {
        Handlers request = new Handlers();
        SlowParser parser = new SlowParser();
        BodyMeter exhausted = new BodyMeter() {
            @Override
            public void bytes(int count) {
                throw new IllegalStateException("Used up.");
            }

            @Override
            public void updates(int more) {
                throw new AssertionError("No update was parsed.");
            }
        };
        CompletableFuture<Integer> body =
                reader.read(request.request(), parser, exhausted, head).subscribeAsCompletionStage();

        request.deliver(Buffer.buffer("a"));

        assertThat(body).isCompletedExceptionally();
        assertThat(parser.closed).isTrue();
    }

    /** Senders that stall for as long as they may must not make the requests of others fail (invariant 5). */
    @Test
    void stalledBodiesLeaveRoomForOthers() {
        int share = (int) (heap.bodies().limit() / 10);
        List<Slow> stalled =
                IntStream.range(0, 9).mapToObj(i -> new Slow(share / 2)).toList();
        Slow small = new Slow(100);

        eventually().until(() -> heap.bodies().reserved() <= heap.bodies().limit() / 4 * 3);

        assertThat(stalled).filteredOn(slow -> slow.body.isDone()).hasSize(2).allSatisfy(slow -> assertThat(slow.body)
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(RequestRejectedException.class, rejection -> assertThat(rejection.type())
                        .isEqualTo(ProblemType.OVERLOADED)));
        assertThat(small.body).isNotDone();
        small.request.end.handle(null);
        assertThat(small.body).isCompletedWithValue(100);
    }

    @Test
    void stalledBodyIsRejectedOnceAnotherFindsNoRoom() {
        Slow stalled = new Slow(1 << 20);

        eventually().until(() -> {
            // Refused until then.
            new Slow(600_000);
            return stalled.body.isDone();
        });

        Slow next = new Slow(600_000);
        next.request.end.handle(null);
        assertThat(next.body).isCompletedWithValue(600_000);
    }

    /** Body that stalls after so many bytes. */
    private final class Slow {
        final Handlers request = new Handlers();
        final CompletableFuture<Integer> body;

        Slow(int bytes) {
            body = reader.read(request.request(), all -> all.length, BodyMeter.FREE, head)
                    .subscribeAsCompletionStage();
            request.deliver(Buffer.buffer(new byte[bytes]));
        }
    }

    @Test
    void q19BodyThatIsIncompleteAtTheDeadlineIsRejectedWith400() {
        Handlers request = new Handlers();
        SlowParser parser = new SlowParser();
        Duration deadline = Duration.ofMillis(200);
        long begin = System.nanoTime();
        CompletableFuture<Integer> body = new BodyReader(vertx, new Limits(deadline), heap)
                .read(request.request(), parser, BodyMeter.FREE, head)
                .subscribeAsCompletionStage();

        request.deliver(Buffer.buffer("a"));

        assertThat(body)
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(RequestRejectedException.class, rejected -> {
                    assertThat(rejected.type()).isEqualTo(ProblemType.INCOMPLETE_BODY);
                    assertThat(rejected).hasMessageContaining("within 200 ms");
                });
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(deadline.dividedBy(2));
        assertThat(parser.closed).isTrue();
    }

    /** Parser that takes longer than one turn for each part, and returns their number. */
    private static final class SlowParser implements BodyParser<Integer> {
        private final Reservation memory = new Reservation(MemoryBudget.unlimited());
        private int parts;
        private boolean closed;

        @Override
        public Reservation memory() {
            return memory;
        }

        @Override
        public void feed(Buffer part) {
            parts++;
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }

        @Override
        public Integer end() {
            return parts;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Buffer of one byte, of which no copy can be made. */
    private static Buffer unreadable(Supplier<Error> error) {
        return BufferImpl.buffer(new UnpooledHeapByteBuf(UnpooledByteBufAllocator.DEFAULT, new byte[1], 1) {
            @Override
            public boolean hasArray() {
                throw error.get();
            }
        });
    }

    /** Request whose handlers the test calls. */
    private static final class Handlers {
        private Handler<Buffer> chunk;
        private Handler<Void> end;
        private final List<String> calls = new CopyOnWriteArrayList<>();

        @SuppressWarnings("unchecked")
        HttpServerRequest request() {
            Object response = Proxy.newProxyInstance(
                    HttpServerResponse.class.getClassLoader(),
                    new Class<?>[] {HttpServerResponse.class},
                    (proxy, method, arguments) -> false);
            return (HttpServerRequest) Proxy.newProxyInstance(
                    HttpServerRequest.class.getClassLoader(),
                    new Class<?>[] {HttpServerRequest.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "getHeader" -> null;
                        case "headers" -> MultiMap.caseInsensitiveMultiMap();
                        case "response" -> response;
                        case "handler" -> {
                            chunk = (Handler<Buffer>) arguments[0];
                            yield proxy;
                        }
                        case "endHandler" -> {
                            end = (Handler<Void>) arguments[0];
                            yield proxy;
                        }
                        case "pause", "resume" -> {
                            calls.add(method.getName());
                            yield proxy;
                        }
                        default -> proxy;
                    });
        }

        /** As in Vert.x, which logs a failure of the handler and continues. */
        void deliver(Buffer part) {
            try {
                chunk.handle(part);
            } catch (Throwable logged) {
                // The next part follows.
            }
        }
    }

    /** Limits of publishing with a deadline for bodies. */
    private record Limits(Duration bodyTimeout) implements PublishConfig {
        @Override
        public MemorySize maxBody() {
            return new MemorySize(BigInteger.valueOf(1 << 20));
        }

        @Override
        public int maxWaiting() {
            return 1;
        }

        @Override
        public Duration idempotency() {
            return Duration.ofMinutes(10);
        }

        @Override
        public long maxIdempotencyKeys() {
            return 1;
        }
    }
}
