package dev.herald.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of pipelined requests: each is decoded after the response to the previous one is sent and read. */
class RequestDecoderTest {
    private static final int MANY = 10_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final WaitingConnections.Connection connection = new WaitingConnections.Connection() {
        @Override
        public void cut() {}

        @Override
        public void close() {}
    };

    RequestDecoderTest() {
        LoopState state = new LoopState(
                new WaitingConnections(channel.eventLoop(), 1_000_000_000, 10, System::nanoTime),
                new FrameBudget(1, 1, System::nanoTime),
                new Unanswered(),
                MemoryBudget.unlimited());
        Http1Activity activity = new Http1Activity(state, connection);
        channel.pipeline()
                .addLast(new ResponseSink(), new RequestDecoder(new HttpServerOptions(), activity, false), activity);
    }

    private static final class Unanswered implements RejectedRequests {
        @Override
        public void answer(HttpServerRequest request, int status, String detail) {}

        @Override
        public void record(CharSequence method, int status) {
            // Nothing is reported.
        }

        @Override
        public byte[] document(int status, String detail) {
            return new byte[0];
        }

        @Override
        public void describe(CharSequence origin, BiConsumer<CharSequence, CharSequence> header) {}
    }

    /** Accepts responses, since this pipeline has no encoder. */
    private static final class ResponseSink extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ReferenceCountUtil.release(msg);
            promise.setSuccess();
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static String get(int number) {
        return "GET /" + number + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    private static String post(int number, String body) {
        return "POST /" + number + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void answer() {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        channel.runPendingTasks();
    }

    /** Paths and bodies decoded since the last call. */
    private List<String> decoded() {
        List<String> decoded = new ArrayList<>();
        for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
            if (part instanceof HttpRequest request) {
                decoded.add(request.uri());
            }
            if (part instanceof HttpContent content && content.content().isReadable()) {
                decoded.add(content.content().toString(StandardCharsets.US_ASCII));
            }
            ReferenceCountUtil.release(part);
        }
        return decoded;
    }

    private void writable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }

    @Test
    void nextRequestIsDecodedAfterTheResponseToThePreviousOne() {
        send(get(1) + post(2, "two") + get(3));
        assertThat(decoded()).containsExactly("/1");

        answer();
        assertThat(decoded()).containsExactly("/2", "two");

        answer();
        assertThat(decoded()).containsExactly("/3");
    }

    @Test
    void bodyIsDecodedAfterAnEarlyResponseToAStalledClient() {
        send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nfir");
        answer();
        writable(false);

        send("st." + get(2));

        assertThat(decoded()).containsExactly("/1", "fir", "st.");
    }

    @Test
    void decodingPausesWhileTheClientReadsNoResponses() {
        writable(false);
        send(get(1));
        assertThat(decoded()).isEmpty();

        writable(true);

        assertThat(decoded()).containsExactly("/1");
    }

    @Test
    void readingPausesAboveTheBoundOfUndecodedBytes() {
        send(get(0));
        assertThat(channel.config().isAutoRead()).isTrue();

        send(get(1).repeat(MANY));
        assertThat(channel.config().isAutoRead()).isFalse();

        answer();
        assertThat(channel.config().isAutoRead())
                .as("more wait than was decoded")
                .isFalse();
        for (int i = 0; i < MANY; i++) {
            answer();
        }
        assertThat(decoded()).hasSize(1 + MANY);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void undecodedBytesArePassedOnWhenTheDecoderIsRemoved() {
        send(get(1) + "the rest".repeat(MANY));
        decoded();

        channel.pipeline().remove(RequestDecoder.class);

        Object rest = channel.readInbound();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(rest).isEqualTo(Unpooled.copiedBuffer("the rest".repeat(MANY), StandardCharsets.US_ASCII));
    }
}
