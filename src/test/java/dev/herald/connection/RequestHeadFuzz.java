package dev.herald.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;
import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests of an HTTP/1 connection, pipelined ones included. The result does not depend on where reads split the bytes.
 * Accepted requests are framed in one way only, and Netty's own decoder reads the same.
 */
public final class RequestHeadFuzz implements FuzzTarget {
    private static final HttpServerOptions OPTIONS =
            new HttpServerOptions().setMaxInitialLineLength(2_000).setMaxHeaderSize(4_000);

    private static final WaitingConnections.Connection CONNECTION = new WaitingConnections.Connection() {
        @Override
        public void cut() {
            // Its deadline does not expire.
        }

        @Override
        public void close() {
            // It is never the oldest of too many.
        }
    };

    /**
     * Decoded request.
     *
     * @param headers {@code name: value} in order; empty for an invalid request
     * @param status of the answer to an invalid one; 0 if it is valid so far
     */
    private record Decoded(String method, String uri, List<String> headers, String body, boolean complete, int status) {

        /** What does not change by escaping the target. */
        Decoded framing() {
            return new Decoded(method, "", List.of(), body, complete, status);
        }

        /** The head, since it depends on the reads which part of an invalid body was passed on. */
        Decoded withoutBody() {
            return new Decoded(method, uri, headers, "", complete, status);
        }
    }

    @Override
    public void run(FuzzInput input) {
        int step = 1 + input.number(7);
        byte[] bytes = input.rest();

        List<Decoded> atOnce = decode(checked(), bytes, bytes.length);

        assertThat(decode(checked(), bytes, step)).as("in steps of " + step).isEqualTo(atOnce);
        atOnce.forEach(RequestHeadFuzz::check);
        if (atOnce.stream().allMatch(request -> request.status == 0 && request.complete)) {
            List<Decoded> plain = decode(new EmbeddedChannel(plain()), bytes, bytes.length);
            assertThat(plain.stream().map(Decoded::framing).limit(atOnce.size()))
                    .isEqualTo(atOnce.stream().map(Decoded::framing).toList());
        }
    }

    private static void check(Decoded request) {
        if (request.status != 0) {
            return;
        }
        assertThat(request.uri).matches("[/*][!#-;=?-Z_a-z~]*");
        assertThat(request.uri.replaceAll("%[0-9A-Fa-f]{2}", "")).doesNotContain("%");
        assertThat(count(request, "host:")).isLessThanOrEqualTo(1);
        assertThat(count(request, "content-length:") + count(request, "transfer-encoding:"))
                .isLessThanOrEqualTo(1);
        assertThat(request.headers).allSatisfy(header -> assertThat(header).doesNotContain("\r", "\n", "\0"));
    }

    private static long count(Decoded request, String start) {
        return request.headers.stream()
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(start))
                .count();
    }

    private static HttpRequestDecoder plain() {
        return new HttpRequestDecoder(OPTIONS.getMaxInitialLineLength(), OPTIONS.getMaxHeaderSize(), 8_192);
    }

    private static EmbeddedChannel checked() {
        EmbeddedChannel channel = new EmbeddedChannel();
        LoopState state = new LoopState(
                new WaitingConnections(channel.eventLoop(), 1_000_000_000_000L, 10, System::nanoTime),
                new FrameBudget(1, 1, System::nanoTime),
                new Unanswered(),
                MemoryBudget.unlimited());
        Http1Activity activity = new Http1Activity(state, CONNECTION);
        channel.pipeline().addLast(new ResponseSink(), new RequestDecoder(OPTIONS, activity, false), activity);
        return channel;
    }

    /** Feeds the bytes in steps, and answers each request once it is complete. */
    private static List<Decoded> decode(EmbeddedChannel channel, byte[] bytes, int step) {
        boolean answers = channel.pipeline().get(Http1Activity.class) != null;
        List<Decoded> decoded = new ArrayList<>();
        try {
            for (int at = 0; at < bytes.length; at += step) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
                while (take(channel, decoded) && answers) {
                    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
                    channel.runPendingTasks();
                }
            }
        } finally {
            channel.finishAndReleaseAll();
        }
        return decoded;
    }

    /** Takes what was decoded. Returns whether a request ended. */
    private static boolean take(EmbeddedChannel channel, List<Decoded> decoded) {
        boolean ended = false;
        for (HttpObject part = channel.readInbound(); part != null; part = channel.readInbound()) {
            try {
                if (part instanceof HttpRequest request) {
                    decoded.add(head(request));
                }
                if (part.decoderResult().isFailure()) {
                    decoded.replaceAll(all -> all.complete ? all : all.withoutBody());
                    decoded.add(failed(part));
                    return false;
                }
                if (part instanceof HttpContent content) {
                    Decoded last = decoded.remove(decoded.size() - 1);
                    boolean isLast = part instanceof LastHttpContent;
                    decoded.add(new Decoded(
                            last.method,
                            last.uri,
                            last.headers,
                            last.body + content.content().toString(StandardCharsets.ISO_8859_1),
                            isLast,
                            0));
                    ended |= isLast;
                }
            } finally {
                ReferenceCountUtil.release(part);
            }
        }
        return ended;
    }

    private static Decoded head(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return new Decoded("", "", List.of(), "", true, -1);
        }
        HttpHeaders headers = request.headers();
        assertThat(headers.getAll(HttpHeaderNames.HOST)).hasSizeLessThanOrEqualTo(1);
        return new Decoded(
                request.method().name(),
                request.uri(),
                headers.entries().stream()
                        .map(header -> header.getKey() + ": " + header.getValue())
                        .toList(),
                "",
                false,
                0);
    }

    private static Decoded failed(HttpObject part) {
        Throwable cause = part.decoderResult().cause();
        // Which fault is found first depends on the reads.
        int status = cause instanceof InvalidRequestException || cause instanceof TooLongFrameException ? 400 : 500;
        return new Decoded("", "", List.of(), "", true, status);
    }

    private static final class Unanswered implements RejectedRequests {
        @Override
        public void answer(HttpServerRequest request, int status, String detail) {
            // There is no Vert.x.
        }

        @Override
        public void record(CharSequence method, int status) {
            // Nothing is reported.
        }

        @Override
        public byte[] document(int status, String detail) {
            return new byte[0];
        }

        @Override
        public void describe(CharSequence origin, BiConsumer<CharSequence, CharSequence> header) {
            // There is no HTTP/2.
        }
    }

    /** Accepts responses, since this pipeline has no encoder. */
    private static final class ResponseSink extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ReferenceCountUtil.release(msg);
            promise.setSuccess();
        }
    }
}
