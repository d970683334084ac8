package dev.herald.stream;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.event.Frame;
import dev.herald.log.CapturedErrors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests that a failed write of a Vert.x stream leaves no buffer and no pending byte. */
class ResponseOutletTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.stream");

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ChunkCache frames = new ChunkCache(ContentCoding.IDENTITY.coder(allocator));
    private final SocketBudget budget = new SocketBudget();
    private final List<Handler<AsyncResult<Void>>> written = new ArrayList<>();

    static Stream<Supplier<Error>> errors() {
        return Stream.of(
                () -> new OutOfMemoryError("Injected error."), () -> new StackOverflowError("Injected error."));
    }

    /** Response whose n-th write fails, 0 being the first. */
    @SuppressWarnings("unchecked")
    private HttpServerResponse response(int failing, Supplier<Error> error) {
        return (HttpServerResponse) Proxy.newProxyInstance(
                HttpServerResponse.class.getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("write")) {
                        if (written.size() == failing) {
                            throw error.get();
                        }
                        written.add((Handler<AsyncResult<Void>>) arguments[1]);
                        return null;
                    }
                    // Neither ended nor closed.
                    return false;
                });
    }

    private static RoutingContext context(HttpServerResponse response) {
        return (RoutingContext) Proxy.newProxyInstance(
                RoutingContext.class.getClassLoader(),
                new Class<?>[] {RoutingContext.class},
                (proxy, method, arguments) -> method.getName().equals("response") ? response : null);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failedWriteReleasesAllBuffersAndBytes(Supplier<Error> error) {
        if (error.get() instanceof OutOfMemoryError) {
            logged.expect("A stream was cut off, since there is no memory left for its data.");
        }
        for (int failing = 0; failing < 4; failing++) {
            written.clear();
            ResponseOutlet outlet = new ResponseOutlet(
                    context(response(failing, error)),
                    frames,
                    ContentCoding.IDENTITY.stream(),
                    budget,
                    new StreamStats(),
                    () -> {});
            List<Frame> large = List.of(Frame.builder().data("x".repeat(60_000)).build());

            // The outlet itself closes a stream without direct memory, here one without a connection.
            assertThatThrownBy(() -> outlet.write(large, true)).isInstanceOf(Throwable.class);

            assertThat(written).hasSize(failing);
            written.forEach(handler -> handler.handle(Future.succeededFuture()));
            assertThat(budget.waiting()).isZero();
            frames.clear();
            assertThat(allocator.metric().usedDirectMemory())
                    .as("part %d", failing)
                    .isZero();
        }
    }
}
