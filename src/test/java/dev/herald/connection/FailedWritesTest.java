package dev.herald.connection;

import java.io.IOException;
import java.util.stream.Stream;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Frames that Netty rejects come up in {@code Http2ResetTest}, over a connection. */
class FailedWritesTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new FailedWrites());

    private static Stream<Throwable> failuresOfTheConnection() {
        return Stream.of(
                new IOException("Connection reset by peer"),
                new IllegalStateException("a bug"),
                new IllegalArgumentException("a bug"),
                new OutOfMemoryError("of another handler"),
                Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "of a frame"));
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheConnection")
    void aFailureOfTheConnectionReachesVertx(Throwable failure) {
        channel.pipeline().fireExceptionCaught(failure);

        assertThatThrownBy(channel::checkException).isSameAs(failure);
    }

    @Test
    void aFailureOfOneStreamDoesNotReachVertx() {
        channel.pipeline().fireExceptionCaught(Http2Exception.streamError(3, Http2Error.STREAM_CLOSED, "gone"));

        assertThatCode(channel::checkException).doesNotThrowAnyException();
    }
}
