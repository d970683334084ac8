package dev.herald.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Subscriber to the updates about subscriptions to a topic. Its event loop owns it. */
final class PresenceSubscriber extends SimpleChannelInboundHandler<HttpObject> {
    private static final String HUB = "/.well-known/mercure";
    private static final String BEGUN = "\"active\":true";
    private static final String ENDED = "\"active\":false";

    private final String request;
    private final SubscriberOpener opener;
    private String rest = "";
    private volatile int begun;
    private volatile int ended;

    /** @param token token with a grant for all active subscriptions */
    PresenceSubscriber(String topic, String token, SubscriberOpener opener) {
        String selector = HUB + "/subscriptions/" + topic + "/{subscriber}";
        this.request = "GET " + HUB + "?topic=" + URLEncoder.encode(selector, StandardCharsets.UTF_8)
                + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + token + "\r\n\r\n";
        this.opener = opener;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII), context.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part instanceof HttpResponse head) {
            if (head.status().equals(HttpResponseStatus.OK)) {
                opener.opened();
            } else {
                opener.fail(new IllegalStateException("A watcher was answered with " + head.status()));
            }
        } else if (part instanceof HttpContent piece) {
            hear(piece.content().toString(StandardCharsets.UTF_8));
        }
    }

    private void hear(String piece) {
        String text = rest + piece;
        int end = text.lastIndexOf('\n') + 1;
        begun += count(text.substring(0, end), BEGUN);
        ended += count(text.substring(0, end), ENDED);
        rest = text.substring(end);
    }

    private static int count(String text, String word) {
        return text.split(word, -1).length - 1;
    }

    /** Waits until the start and the end of this many subscriptions were received. Called on any thread. */
    void awaitReports(long count) {
        eventually().untilAsserted(() -> {
            opener.check();
            assertThat(begun).as("reported starts").isEqualTo((int) count);
            assertThat(ended).as("reported ends").isEqualTo((int) count);
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        opener.lost("A watcher's connection was closed.");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        opener.fail(cause);
    }
}
